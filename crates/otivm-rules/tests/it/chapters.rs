//! Twelve chapters: what opens them, when, and that they say what they ask.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    At, Command, Fact, GoodId, State,
    chapters::{CHAPTERS, Condition, current},
    fact::{
        Advance, Arrival, Departure, JournalEntry, OtiumBegin, OtiumEnd, SessionOpened, Side, Trade,
    },
    fold, settle,
    time::{DAY_US, SECOND_US, Window},
};
use otivm_travel::ShipType;

const GOODS: [GoodId; 3] = [GoodId::Wheat, GoodId::Tin, GoodId::Oil];

/// A state that facts are folded into, one after the other, with what falls due.
struct Years {
    state: State,
    at: At,
    advances: Vec<(At, i64)>,
}

impl Years {
    /// Enrolled on the first day.
    fn begin() -> Self {
        let state = Story::begun().life.state().clone();
        Self { at: state.last_at.unwrap(), state, advances: Vec::new() }
    }

    fn happen(&mut self, fact: &Fact) {
        self.at = self.at.plus(SECOND_US);
        fold(&mut self.state, self.at, fact);
    }

    fn settle(&mut self) {
        while let Some((at, fact)) = settle(&self.state, self.at.plus(SECOND_US)) {
            if let Fact::Advance(Advance { chapter }) = &fact {
                self.advances.push((at, *chapter));
            }
            fold(&mut self.state, at, &fact);
        }
    }

    fn trade(&mut self, side: Side, good: GoodId, town: &str, asses: i64) {
        self.happen(&Fact::Trade(Trade {
            side,
            good,
            units: 1,
            place: place(town),
            total_asses: asses,
            toll_asses: 1,
            base_milliasses: 1,
            multiplier_permille: 1000,
            season_permille: 1000,
            window: Window(7),
            aboard: None,
        }));
    }

    /// Three goods sold at a gain in eight harbours, and a voyage to the end of the sea.
    fn business(&mut self) {
        for town in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            for good in GOODS {
                self.trade(Side::Buy, good, town, 1);
                self.trade(Side::Sell, good, town, 20_000);
            }
        }
        self.happen(&Fact::Departure(Departure {
            from: place("h"),
            to: place("z"),
            ship: ShipType::Actuaria,
            planned_us: 1,
            pace_permille: 1000,
            arrives_at: self.at.plus(DAY_US),
            distance_m: 3_000_000,
            risk_permille: 1,
            dues_asses: 1,
            wages_asses: 1,
            upkeep_asses: 1,
            hire_asses: 0,
            waiting_us: 0,
            path: vec![[0, 0]],
            seed: "00".to_owned(),
            perils: Vec::new(),
            spoiled: Vec::new(),
            carried: Vec::new(),
        }));
        self.happen(&Fact::Arrival(Arrival {
            place: place("z"),
            wear_ppm: 1,
            spoiled: Vec::new(),
            carried: Vec::new(),
        }));
    }

    fn rest(&mut self, town: &str, pages: usize) {
        self.happen(&Fact::OtiumBegin(OtiumBegin {
            place: place(town),
            quality_permille: 1000,
            day_asses: None,
            tired_us: None,
            villa: None,
        }));
        for _ in 0..pages {
            self.happen(&Fact::Journal(JournalEntry { text: "Hic.".to_owned() }));
        }
        self.happen(&Fact::OtiumEnd(OtiumEnd {
            place: place(town),
            days_us: 60 * DAY_US,
            cost_asses: 1,
            gravitas_milli: 60_000,
            paid_us: None,
        }));
    }

    fn leisure(&mut self) {
        self.rest("y", 6);
        self.rest("z", 0);
    }
}

#[test]
fn a_page_written_at_sea_opens_the_next_chapter_at_once_and_not_on_arrival() {
    let mut story = Story::begun();
    let sale = Fact::Trade(Trade {
        side: Side::Sell,
        good: GoodId::Tin,
        units: 1,
        place: place("ostia"),
        total_asses: 500,
        toll_asses: 1,
        base_milliasses: 1,
        multiplier_permille: 1000,
        season_permille: 1000,
        window: Window(7),
        aboard: None,
    });
    let second = |seconds| START.plus(seconds * SECOND_US);
    story.happen(&[sale], second(2));
    story.act(&Command::Depart(plan("ostia", "carthago", 10)), second(3)).unwrap();
    story.act(&Command::WriteJournal { text: "In mari.".to_owned() }, second(4)).unwrap();
    let (life, written) = (&story.life, story.life.state().last_at.unwrap());
    let arrives = life.state().voyage().unwrap().arrives_at;
    let due = life.settle(arrives).unwrap();
    let told: Vec<(At, &str)> = due.iter().map(|due| (due.at, due.name.as_str())).collect();
    assert_eq!(told, [(written.plus(1), "advance"), (arrives, "arrive")]);
}

#[test]
fn business_and_leisure_together_open_twelve_chapters_one_after_the_other() {
    let mut years = Years::begin();
    for chapter in 1..=12 {
        assert_eq!(current(&years.state).map(|(number, _)| number), Some(chapter));
        years.business();
        years.settle();
        assert_eq!(years.state.chapter, chapter, "business alone opens nothing");
        years.leisure();
        let last = years.state.last_at.unwrap();
        years.settle();
        assert_eq!(years.advances.last(), Some(&(last.plus(1), chapter + 1)));
    }
    assert!(years.state.chapter > CHAPTERS.len() as i64 && current(&years.state).is_none());
    years.business();
    years.leisure();
    years.settle();
    assert_eq!(years.advances.len(), 12, "after the last there is none");
}

#[test]
fn leisure_alone_opens_nothing_and_what_was_done_before_counts_for_nothing() {
    let mut years = Years::begin();
    years.leisure();
    years.settle();
    assert_eq!(years.state.chapter, 1);
    years.business();
    years.settle();
    assert_eq!(years.state.chapter, 2);
    let (_, chapter) = current(&years.state).unwrap();
    for task in [chapter.negotium, chapter.otium] {
        assert_eq!(task.condition.progress(&years.state).done, 0);
    }
}

/// World days after the first, which is 1 March: 10 November is 254 days later.
fn day(days: i64) -> At {
    START.plus(10 * SECOND_US + days * DAY_US / 288)
}

/// Otium from one day to another, with a page on some.
fn rested(from: i64, to: i64, pages: &[i64]) -> Story {
    let mut story = Story::begun();
    story.act(&Command::BeginOtium { guests: 0 }, day(from)).unwrap();
    for page in pages {
        story.act(&Command::WriteJournal { text: "Hic.".to_owned() }, day(*page)).unwrap();
    }
    story.act(&Command::EndOtium, day(to)).unwrap();
    story
}

#[test]
fn a_winter_is_as_much_of_an_otium_as_the_sea_was_closed_for_and_the_pages_of_those_days() {
    let told = |story: Story| {
        let deeds = &story.life.state().deeds;
        (deeds.winter_us * 10 / DAY_US, deeds.winter_pages)
    };
    // The clock is ten seconds, 0.03 of a day, past midnight.
    for (from, to, pages, expected) in [
        (254, 354, &[254, 255, 300][..], (990, 2)),
        (9, 109, &[9, 10, 50][..], (9, 1)),
        (100, 200, &[150][..], (0, 0)),
        (260, 270, &[][..], (100, 0)),
        (0, 365, &[][..], (1200, 0)),
        (0, 700, &[365][..], (2100, 1)),
    ] {
        assert_eq!(told(rested(from, to, pages)), expected, "{from} to {to}");
    }
}

#[test]
fn a_winter_counts_as_far_as_it_was_paid_for_which_is_its_first_days() {
    let mut story = Story::begun();
    story.spend(20 * 48, day(253));
    story.act(&Command::BeginOtium { guests: 0 }, day(254)).unwrap();
    story.act(&Command::EndOtium, day(354)).unwrap();
    assert_eq!(story.life.state().deeds.winter_us * 10 / DAY_US, 190);
}

#[test]
fn an_otium_of_an_older_build_counts_by_the_day_on_which_it_began() {
    let winter = Condition::Winter(20);
    let done = |years: &Years| winter.progress(&years.state).done;
    let mut years = Years::begin();
    years.rest("z", 0);
    assert_eq!(done(&years), 19, "not written of");
    years.rest("z", 1);
    assert_eq!(done(&years), 120);
    let mut summer = Years::begin();
    summer.at = START.plus(60 * 60 * SECOND_US);
    summer.rest("z", 1);
    assert_eq!(done(&summer), 0);
}

#[test]
fn losses_count_against_the_gain() {
    let mut years = Years::begin();
    let gain = |years: &Years| (years.state.deeds.gain_asses, years.state.deeds.goods.len());
    years.trade(Side::Buy, GoodId::Tin, "a", 500);
    years.trade(Side::Sell, GoodId::Tin, "b", 100);
    assert_eq!(gain(&years), (-402, 0));
    assert_eq!(Condition::Gain(25).progress(&years.state).done, 0);
    years.trade(Side::Buy, GoodId::Tin, "a", 100);
    years.trade(Side::Sell, GoodId::Tin, "b", 1000);
    assert_eq!(gain(&years), (-402 + 898, 1));
}

#[test]
fn an_advance_is_written_once_however_often_one_looks() {
    let mut story = Story::begun();
    let second = |seconds: i64| START.plus(seconds * SECOND_US);
    let trade = |side, units| Command::Trade { side, good: GoodId::Wheat, units };
    story.act(&trade(Side::Buy, 1), second(5)).unwrap();
    let text = "Coepi.".to_owned();
    story.act(&Command::WriteJournal { text }, second(6)).unwrap();
    // Nothing is gained: the first chapter goes on.
    story.act(&trade(Side::Sell, 1), second(7)).unwrap();
    for _ in 0..3 {
        story.look(second(100));
    }
    assert_eq!(story.moments.iter().filter(|moment| moment.name == "advance").count(), 0);

    let mut years = Years::begin();
    years.business();
    years.leisure();
    let (due, fact) = settle(&years.state, years.at.plus(DAY_US)).unwrap();
    assert_eq!(
        (due, fact.clone()),
        (years.state.last_at.unwrap().plus(1), Fact::Advance(Advance { chapter: 2 }))
    );
    assert_eq!(settle(&years.state, years.state.last_at.unwrap()), None, "not before its time");
    let mut after = years.state.clone();
    fold(&mut after, due, &fact);
    assert_eq!(settle(&after, years.at.plus(DAY_US)), None);
}

#[test]
fn the_state_s_hash_knows_of_chapters_only_where_one_was_opened() {
    let mut years = Years::begin();
    let with = |state: &State, chapter: i64, gain: i64| {
        let mut state = state.clone();
        state.chapter = chapter;
        state.deeds.gain_asses = gain;
        state.hash()
    };
    assert_eq!(with(&years.state, 1, 0), with(&years.state, 0, 77));
    assert_ne!(with(&years.state, 2, 0), with(&years.state, 2, 77));
    assert_ne!(with(&years.state, 2, 0), with(&years.state, 3, 0));
    years.happen(&Fact::SessionOpened(SessionOpened { hash: "h".to_owned() }));
}

#[test]
fn every_chapter_has_its_words_in_three_languages_and_says_the_number_that_it_asks() {
    let mut titles = std::collections::BTreeSet::new();
    for chapter in CHAPTERS {
        let story = chapter.story;
        assert!(titles.insert(story.title.en));
        for text in [story.text.en, story.text.la, story.text.it] {
            assert!((150..700).contains(&text.chars().count()), "{text}");
            assert!(text.ends_with('.') && !text.contains("  "), "{text}");
        }
        for task in [chapter.negotium, chapter.otium] {
            let needed = task.condition.progress(&State::default()).needed;
            let grouped = if needed < 1000 {
                needed.to_string()
            } else {
                format!("{},{:03}", needed / 1000, needed % 1000)
            };
            let asks = task.asks;
            assert!(asks.en.contains(&format!(" {grouped} ")), "{}: {grouped}", asks.en);
            assert!(asks.it.contains(&grouped.replace(',', ".")), "{}: {grouped}", asks.it);
            assert!(!asks.la.is_empty());
        }
    }
    assert_eq!(titles.len(), 12);
}
