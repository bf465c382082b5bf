"""Series over time as one SVG: a panel for each, from zero, with its unit and its last value."""

WIDTH, HEIGHT, LEFT, GAP = 760, 120, 60, 46


def drawn(panels, seconds):
    """Panels of (title, unit, {name: [(second, value)]}) under each other."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + LEFT + 150} {len(panels) * (HEIGHT + GAP) + 30}" '
             'font-family="sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="#fff"/>']
    for at, (title, unit, series) in enumerate(panels):
        parts += panel(title, unit, series, seconds, 30 + at * (HEIGHT + GAP))
    return "\n".join([*parts, "</svg>", ""])


def panel(title, unit, series, seconds, top):
    most = max((value for points in series.values() for _, value in points), default=0) or 1
    x = lambda second: LEFT + second * WIDTH / max(seconds, 1)
    y = lambda value: top + HEIGHT - value * HEIGHT / (most * 1.1)
    yield f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">{title} ({unit})</text>'
    yield f'<path d="M{LEFT} {top}V{top + HEIGHT}H{LEFT + WIDTH}" fill="none" stroke="#767f8a"/>'
    yield f'<text x="{LEFT - 6}" y="{y(most) + 4:.0f}" text-anchor="end">{most:.4g}</text>'
    yield f'<text x="{LEFT - 6}" y="{top + HEIGHT + 4}" text-anchor="end">0</text>'
    yield f'<text x="{LEFT + WIDTH}" y="{top + HEIGHT + 16}" text-anchor="end">{seconds / 60:.0f} min</text>'
    for stroke, (name, points) in zip(("#0b5a8f", "#a3150f", "#1c6b33"), series.items()):
        if not points:
            continue
        line = " ".join(f"{x(second):.1f},{y(value):.1f}" for second, value in points)
        yield f'<polyline points="{line}" fill="none" stroke="{stroke}" stroke-width="1.5"/>'
        second, value = points[-1]
        yield f'<text x="{x(second) + 6:.0f}" y="{y(value) + 4:.0f}" fill="{stroke}">{name} {value:.4g}</text>'
