# omklap with the PostgreSQL of Debian, which it starts for itself unless DATABASE_URL is set.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p omklap

FROM debian:bookworm-slim
RUN apt-get update -q && apt-get install -qy --no-install-recommends postgresql curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/omklap omklap
COPY --from=build /src/target/release/omklap /usr/local/bin/omklap
COPY --from=build /src/demo /usr/share/omklap/demo
USER omklap
WORKDIR /var/lib/omklap
VOLUME /var/lib/omklap
HEALTHCHECK CMD curl -sf http://127.0.0.1:8080/health/ready
CMD ["omklap", "serve"]
