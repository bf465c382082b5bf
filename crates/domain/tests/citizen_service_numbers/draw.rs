//! Random values for the lines. Every number is random: we know of none that is in use.

use std::fmt::Write;

/// A generator that gives the same values for the same seed.
pub struct Draw(u64);

impl Draw {
    pub fn from(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The line, with each name between braces replaced by a random value.
    pub fn fill(&mut self, line: &str) -> String {
        let mut filled = String::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            let (what, after) = after.split_once('}').expect("a closing brace");
            filled.push_str(before);
            filled.push_str(&self.thing(what));
            rest = after;
        }
        filled + rest
    }

    fn thing(&mut self, what: &str) -> String {
        match what {
            "date" | "iso" | "day" | "time" | "year" => self.moment(what),
            "phone" | "mobile" | "abroad" => self.telephone(what),
            "amount" | "million" => self.money(what),
            "bsn" => self.written_number(),
            "marked" => self.marked_number(),
            "alike" => self.number_with_look_alikes(),
            "lost" | "words" | "half" | "end" => self.odd_number(what),
            "rsin" | "passing" => digits(&self.passing()),
            "case" => self.case(),
            "iban" => format!("NL{:02}INGB{:010}", self.below(100), self.below(10_000_000_000)),
            "postcode" => format!("{} {}", 1000 + self.below(9000), self.one_of(&["AB", "KL", "XZ"])),
            "uuid" => format!(
                "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
                self.below(1 << 32),
                self.below(1 << 16),
                self.below(1 << 12),
                self.below(1 << 12),
                self.below(1 << 48)
            ),
            length => self.plain(length),
        }
    }

    /// A number of this many digits.
    fn plain(&mut self, length: &str) -> String {
        let lengths = [
            ("one", 1),
            ("two", 2),
            ("three", 3),
            ("four", 4),
            ("five", 5),
            ("eight", 8),
            ("nine", 9),
            ("twelve", 12),
            ("sixteen", 16),
        ];
        let (_, length) = lengths.into_iter().find(|(name, _)| *name == length).expect("known");
        let first = char::from_digit(1 + self.digit() % 9, 10).expect("a digit");
        std::iter::once(first)
            .chain((1..length).map(|_| char::from_digit(self.digit(), 10).expect("a digit")))
            .collect()
    }

    fn moment(&mut self, what: &str) -> String {
        let (day, month, year) = (1 + self.below(28), 1 + self.below(12), 1950 + self.below(80));
        let name = self.one_of(&["januari", "maart", "mei", "juni", "augustus", "oktober", "december"]);
        let (hour, minute) = (8 + self.below(14), 5 * self.below(12));
        match (what, self.below(5)) {
            ("iso", _) => format!("{year}-{month:02}-{day:02}"),
            ("day", _) => format!("{day} {name}"),
            ("year", _) => (2015 + self.below(12)).to_string(),
            ("time", 0) => format!("{hour}.{minute:02}"),
            ("time", _) => format!("{hour:02}:{minute:02}"),
            (_, 0) => format!("{day} {name} {year}"),
            (_, 1) => format!("{day}/{month}/{year}"),
            (_, 2) => format!("{day:02}.{month:02}.{year}"),
            (_, 3) => format!("{day} {month} {year}"),
            _ => format!("{day:02}-{month:02}-{year}"),
        }
    }

    fn telephone(&mut self, what: &str) -> String {
        let (eight, seven) = (10_000_000 + self.below(90_000_000), 1_000_000 + self.below(9_000_000));
        let (two, three, four) = (10 + self.below(90), 100 + self.below(900), 1_000 + self.below(9_000));
        match (what, self.below(4)) {
            ("abroad", 0) => format!("+32 4{two} {three:03} {:03} {:03}", self.below(1000), self.below(1000)),
            ("abroad", 1) => format!("+49 {two} {eight}"),
            ("abroad", 2) => format!("+31 6 {eight}"),
            ("abroad", _) => format!("0032 4{eight}"),
            (_, 0) => format!("06-{eight}"),
            (_, 1) => format!("06 {} {} {} {}", two, self.below(90) + 10, self.below(90) + 10, two),
            ("mobile", _) => format!("06{eight}"),
            (_, 2) => format!("0{three}-{}", 100_000 + self.below(900_000)),
            _ => format!("0{two} {seven} ({four})"),
        }
    }

    fn money(&mut self, what: &str) -> String {
        let (some, few, cents) = (100 + self.below(900), 1 + self.below(9), self.below(100));
        match (what, self.below(3)) {
            ("million", 0) => format!("{some}.{:03}.{:03}", self.below(1000), self.below(1000)),
            ("million", _) => format!("{few}.{some}.{:03}", self.below(1000)),
            (_, 0) => format!("{few}.{some},{cents:02}"),
            (_, 1) => format!("{some},{cents:02}"),
            _ => some.to_string(),
        }
    }

    fn case(&mut self) -> String {
        let (year, five) = (2015 + self.below(12), 10_000 + self.below(90_000));
        match self.below(5) {
            0 => format!("{year}.{five}"),
            1 => format!("{year}-{five}"),
            2 => format!("Z-{year}-{five}"),
            3 => format!("{year}/{five}"),
            _ => format!("Z{year}{five}"),
        }
    }

    /// Nine digits that pass the eleven test.
    fn passing(&mut self) -> Vec<u32> {
        loop {
            let mut nine: Vec<u32> = (0..8).map(|_| self.digit()).collect();
            let last =
                nine.iter().zip([9, 8, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum::<u32>()
                    % 11;
            nine.push(last);
            if last < 10 && nine[0] > 0 {
                return nine;
            }
        }
    }

    /// Nine digits as people write them.
    fn written_number(&mut self) -> String {
        let nine = self.passing();
        let (lengths, separator): (&[usize], &str) = match self.below(40) {
            0..12 => (&[9], ""),
            12..17 => (&[3, 3, 3], " "),
            17..20 => (&[3, 3, 3], "."),
            20..23 => (&[4, 2, 3], "."),
            23 => (&[4, 2, 3], " "),
            24 | 25 => (&[3, 3, 3], "-"),
            26 => (&[3, 3, 3], " - "),
            27 => (&[3, 3, 3], ":"),
            28 => (&[3, 3, 3], "   "),
            29 => (&[3, 3, 3], "\u{A0}"),
            30 => (&[3, 3, 3], "–"),
            31 => (&[3, 3, 3], "/"),
            32 => (&[3, 3, 3], ". "),
            33 => (&[2, 2, 2, 3], " "),
            34 => (&[1; 9], " "),
            35 => (&[1; 9], "-"),
            36 => (&[4, 5], " "),
            37 => (&[3, 6], " "),
            38 => (&[3, 3, 3], "_"),
            _ => (&[3, 3, 3], ", "),
        };
        grouped(&nine, lengths, separator)
    }

    /// Nine digits with an unusual mark between their groups.
    fn marked_number(&mut self) -> String {
        let mark = self.one_of(&["+", "~", "'", "’", ";", "•", "=", "//", "--", "…", "&", "#"]);
        grouped(&self.passing(), &[3, 3, 3], mark)
    }

    /// Nine digits with a zero or a one written as the letter that looks like it.
    fn number_with_look_alikes(&mut self) -> String {
        let (zero, one) = (self.one_of(&["O", "o"]), self.one_of(&["l", "I"]));
        loop {
            let number = digits(&self.passing());
            let other = number.replacen('0', zero, 1).replacen('1', one, 1);
            if other != number {
                return other;
            }
        }
    }

    fn odd_number(&mut self, what: &str) -> String {
        const WORDS: [&str; 10] =
            ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"];
        let nine = loop {
            let mut nine = self.passing();
            if what != "lost" {
                break nine;
            }
            nine[0] = 0;
            let weighed: u32 =
                nine[..8].iter().zip([9, 8, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
            nine[8] = weighed % 11;
            // Not a valid date.
            if nine[8] < 10 && nine[1] > 3 {
                break nine;
            }
        };
        match what {
            "lost" if self.below(3) == 0 => grouped(&nine[1..], &[2, 3, 3], " "),
            "lost" => digits(&nine[1..]),
            "words" => nine.iter().map(|digit| WORDS[*digit as usize]).collect::<Vec<_>>().join(" "),
            "half" => digits(&nine[..5]),
            _ => digits(&nine[5..]),
        }
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[usize::try_from(self.below(texts.len() as u64)).expect("small")]
    }

    fn digit(&mut self) -> u32 {
        u32::try_from(self.below(10)).expect("a digit")
    }

    /// A number below this one (xorshift64*).
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % end
    }
}

fn digits(values: &[u32]) -> String {
    values.iter().fold(String::new(), |mut text, digit| {
        write!(text, "{digit}").expect("a string takes everything");
        text
    })
}

fn grouped(values: &[u32], lengths: &[usize], separator: &str) -> String {
    let mut rest = values;
    let groups = lengths.iter().map(|length| {
        let (group, others) = rest.split_at(*length);
        rest = others;
        digits(group)
    });
    groups.collect::<Vec<_>>().join(separator)
}
