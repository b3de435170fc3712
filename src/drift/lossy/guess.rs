//! Which characters the marks of one text stood for, the likely answers first.
//!
//! Every mark has its choices with a cost by what stands around it. Answers are
//! given in the order of their total cost: first with one choice for all marks
//! that stand alike, then with a choice for each.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::ControlFlow;

use super::super::recipe::signed;
use super::super::site::{Class, first_char, last_char};
use super::{LOST, Style};

/// More marks are not chosen for one by one.
const MOST_SITES: usize = 64;
/// Answers tried at most.
const MOST_TRIES: usize = 32 << 10;
/// Bytes of all answers together.
const MOST_BYTES: usize = 32 << 20;
/// Answers that wait for their turn.
const MOST_HELD: usize = 1 << 17;
/// Answers of another length that are passed over for each one tried.
const PASSED_OVER: usize = 64;

/// How many answers are tried for a text of so many bytes.
pub(super) fn tries(len: usize) -> usize {
    (MOST_BYTES / len.max(1)).min(MOST_TRIES)
}

/// What stands before and after a mark, and of how many units it is.
type Kind = (Class, Class, usize);

/// A mark and what it may have been.
pub(super) struct Site {
    pub(super) at: usize,
    /// Marks with the same have the same choices.
    kind: Kind,
    /// What was lost, the cheapest first; `None` when the mark itself was sealed.
    choices: Vec<Choice>,
}

#[derive(Clone)]
struct Choice {
    cost: u32,
    lost: Option<(char, String)>,
    delta: i64,
}

impl Site {
    /// The character lost and its mark, by the number of the choice.
    pub(super) fn choice(&self, number: usize) -> Option<(char, &str)> {
        let (c, mark) = self.choices.get(number)?.lost.as_ref()?;
        Some((*c, mark))
    }
}

/// The marks of a style, when some of them stand where no such character belongs.
pub(super) fn sites(text: &[u8], style: Style) -> Vec<Site> {
    let (Style::Character(unit) | Style::Byte(unit) | Style::Unit(unit)) = style;
    let mut sites = Vec::new();
    let mut odd = false;
    let unit_text = unit.to_string();
    let mut pos = 0;
    while let Some(at) = text.get(pos..).and_then(|rest| memchr::memmem::find(rest, unit_text.as_bytes())) {
        let at = pos + at;
        let rest = text.get(at..).unwrap_or_default();
        let units = rest.chunks(unit_text.len()).take_while(|chunk| *chunk == unit_text.as_bytes()).count();
        // One character of a run of marks, or the whole run for one character.
        let each = if matches!(style, Style::Character(_)) { 1 } else { units };
        pos = at + each * unit_text.len();
        let kind = (
            class(last_char(text.get(..at).unwrap_or_default())),
            class(first_char(text.get(pos..).unwrap_or_default())),
        );
        let choices = choices(kind, style, unit, each);
        if choices.len() > 1 {
            odd |= unit != '?' || units > 1 || kept(kind, unit) > 1;
            sites.push(Site { at, kind: (kind.0, kind.1, each), choices });
        }
        if sites.len() > MOST_SITES {
            return Vec::new();
        }
    }
    // With one mark there is nothing that a single character for all does not cover.
    if odd && sites.len() > 1 { sites } else { Vec::new() }
}

fn class(c: char) -> Class {
    match Class::of(c) {
        // Another mark says no more than a letter would.
        Class::Upper | Class::Other => Class::Lower,
        class => class,
    }
}

fn choices(kind: (Class, Class), style: Style, unit: char, units: usize) -> Vec<Choice> {
    let mut choices: Vec<Choice> = LOST
        .iter()
        .filter_map(|(c, weight)| {
            let mark = style.mark(*c).filter(|mark| mark.chars().count() == units)?;
            let delta = signed(c.len_utf8()) - signed(mark.len());
            Some(Choice { cost: cost(*c, *weight, kind), delta, lost: Some((*c, mark)) })
        })
        .collect();
    choices.push(Choice { cost: kept(kind, unit), lost: None, delta: 0 });
    choices.sort_by_key(|choice| choice.cost);
    choices.dedup_by_key(|choice| choice.lost.as_ref().map(|(c, _)| *c));
    choices
}

/// What it costs that the mark itself was sealed.
fn kept(kind: (Class, Class), unit: char) -> u32 {
    match (unit, kind) {
        // How questions end.
        (
            '?',
            (
                Class::Lower | Class::Digit | Class::Close | Class::Quote,
                Class::Blank | Class::Edge | Class::Close | Class::Quote,
            ),
        ) => 0,
        ('?', (Class::Lower, Class::Punctuation) | (Class::Punctuation, _)) => 1,
        ('?', _) => 6,
        _ => 10,
    }
}

/// What it costs that `c` was lost between such characters.
fn cost(c: char, weight: u64, kind: (Class, Class)) -> u32 {
    use Class::{Blank, Close, Digit, Edge, Lower, Open, Punctuation, Quote};
    let rare = match weight {
        25.. => 0,
        12.. => 1,
        8.. => 2,
        5.. => 3,
        3.. => 4,
        _ => 5,
    };
    let is_letter = c.is_alphabetic();
    let fits = match (kind, c) {
        ((Lower, Lower), '\u{2019}')
        | ((Blank, Blank), '\u{2014}' | '\u{2013}' | '\u{2192}')
        | ((Edge, Blank), '\u{2022}')
        | ((Digit, Digit), '\u{2013}')
        | ((Blank | Edge | Open, Lower | Digit), '\u{201c}' | '\u{2018}')
        | (
            (Lower | Punctuation | Close | Digit, Blank | Edge | Punctuation | Close),
            '\u{201d}' | '\u{2026}',
        )
        | ((Digit | Blank, Blank | Edge | Punctuation), '\u{20ac}')
        | ((Digit, Blank | Edge | Punctuation), '\u{b0}')
        | ((Blank, Digit), '\u{20ac}' | '\u{a3}' | '\u{a7}' | '\u{2265}' | '\u{2264}' | '\u{b1}') => 0,
        ((Lower, Lower), _) if is_letter => 1,
        ((Lower, Blank | Edge | Punctuation), '\u{2019}' | '\u{2122}' | '\u{ae}')
        | ((Lower, Lower) | (Digit, Lower | Blank), '\u{2014}' | '\u{2013}' | '\u{a0}')
        | ((Digit, Digit), '\u{d7}' | '\u{2212}' | '\u{a0}' | '\u{202f}')
        | (
            (Blank | Edge, Blank | Edge),
            '\u{2713}' | '\u{2705}' | '\u{d7}' | '\u{2265}' | '\u{2264}' | '\u{2022}',
        ) => 1,
        ((Blank | Edge | Open | Quote, Lower) | (Lower, Blank | Edge | Punctuation | Quote), _)
            if is_letter =>
        {
            2
        }
        _ if is_letter => 7,
        _ => 4,
    };
    rare + fits
}

/// Gives answers, one choice for each site, while `take` goes on. Answers whose
/// length is not wanted are passed over.
pub(super) fn each(
    sites: &[Site],
    want: Option<i64>,
    tries: usize,
    take: &mut dyn FnMut(&[usize]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut groups: BTreeMap<Kind, Vec<usize>> = BTreeMap::new();
    for (number, site) in sites.iter().enumerate() {
        groups.entry(site.kind).or_default().push(number);
    }
    let alike: Vec<Vec<usize>> = groups.into_values().collect();
    let apart: Vec<Vec<usize>> = (0..sites.len()).map(|number| vec![number]).collect();
    let stages = if alike.len() < apart.len() {
        vec![(alike, tries / 4), (apart, tries)]
    } else {
        vec![(apart, tries)]
    };
    stages.into_iter().try_for_each(|(groups, tries)| cheapest(sites, &groups, want, tries, take))
}

/// Answers with one choice per group in the order of their cost.
fn cheapest(
    sites: &[Site],
    groups: &[Vec<usize>],
    want: Option<i64>,
    tries: usize,
    take: &mut dyn FnMut(&[usize]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let choice = |group: usize, number: u8| -> Option<&Choice> {
        sites.get(*groups.get(group)?.first()?)?.choices.get(usize::from(number))
    };
    let cost = |numbers: &[u8]| -> u32 {
        numbers.iter().enumerate().filter_map(|(group, number)| choice(group, *number)).map(|c| c.cost).sum()
    };
    let delta = |numbers: &[u8]| -> i64 {
        let of = |(group, number): (usize, &u8)| {
            Some(choice(group, *number)?.delta * signed(groups.get(group)?.len()))
        };
        numbers.iter().enumerate().filter_map(of).sum()
    };
    let reach = want.map(|want| (want, reachable(sites, groups)));
    let open = |numbers: &[u8], group: usize| {
        reach.as_ref().is_none_or(|(want, sums)| {
            let fixed = delta(numbers.get(..group).unwrap_or_default());
            sums.get(group).is_some_and(|sums| sums.contains(&(want - fixed)))
        })
    };
    let start = vec![0u8; groups.len()];
    if !open(&start, 0) {
        return ControlFlow::Continue(());
    }
    let mut heap = BinaryHeap::from([Reverse((cost(&start), start, 0usize))]);
    let (mut tried, mut passed) = (0, 0);
    while let Some(Reverse((_, numbers, from))) = heap.pop() {
        if want.is_none_or(|want| want == delta(&numbers)) {
            take(&by_site(sites.len(), groups, &numbers))?;
            tried += 1;
        } else {
            passed += 1;
        }
        if tried >= tries || passed >= tries.saturating_mul(PASSED_OVER) {
            break;
        }
        if heap.len() > MOST_HELD {
            continue;
        }
        // Each answer comes from exactly one other: the last group that was raised is raised on.
        for group in from..groups.len() {
            let mut next = numbers.clone();
            let Some(number) = next.get_mut(group) else { continue };
            *number = number.saturating_add(1);
            if choice(group, *number).is_some() && open(&next, group) {
                heap.push(Reverse((cost(&next), next, group)));
            }
        }
    }
    ControlFlow::Continue(())
}

/// The number of each site's choice, from those of the groups.
fn by_site(sites: usize, groups: &[Vec<usize>], numbers: &[u8]) -> Vec<usize> {
    let mut chosen = vec![0; sites];
    for (group, number) in groups.iter().zip(numbers) {
        for site in group {
            if let Some(slot) = chosen.get_mut(*site) {
                *slot = usize::from(*number);
            }
        }
    }
    chosen
}

/// For each group the changes of length that it and all after it can make
/// together, whatever is chosen for them.
fn reachable(sites: &[Site], groups: &[Vec<usize>]) -> Vec<BTreeSet<i64>> {
    let mut sums = BTreeSet::from([0]);
    let mut all = Vec::with_capacity(groups.len());
    for group in groups.iter().rev() {
        let choices = group.first().and_then(|first| sites.get(*first)).map(|site| site.choices.as_slice());
        let deltas: BTreeSet<i64> =
            choices.unwrap_or_default().iter().map(|choice| choice.delta * signed(group.len())).collect();
        sums = sums.iter().flat_map(|sum| deltas.iter().map(move |delta| sum + delta)).collect();
        all.push(sums.clone());
    }
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many answers it takes to get from `sealed`, with its characters lost, back to it.
    fn answers(sealed: &str, style: Style, sized: bool) -> Option<usize> {
        let lose = |c: char| if c.is_ascii() { c.to_string() } else { style.mark(c).unwrap() };
        let found: String = sealed.chars().map(lose).collect();
        let sites = sites(found.as_bytes(), style);
        let want = sized.then(|| signed(sealed.len()) - signed(found.len()));
        let mut count = 0;
        let hit = each(&sites, want, tries(found.len()), &mut |chosen| {
            count += 1;
            let mut text = String::new();
            let mut pos = 0;
            for (site, number) in sites.iter().zip(chosen) {
                if let Some((c, mark)) = site.choice(*number) {
                    text.push_str(&found[pos..site.at]);
                    text.push(c);
                    pos = site.at + mark.len();
                }
            }
            text.push_str(&found[pos..]);
            if text == sealed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        hit.is_break().then_some(count)
    }

    #[test]
    fn different_characters_are_told_by_what_stands_around_them() {
        let question = Style::Character('?');
        for (sealed, most) in [
            ("It\u{2019}s \u{201c}done\u{201d} \u{2014} is it? Pages 3\u{2013}4\u{2026}\n", 40_000),
            ("Der M\u{fc}ller a\u{df} K\u{e4}se.\n", 40_000),
            ("un caf\u{e9}, une fa\u{e7}ade\n", 40_000),
        ] {
            for sized in [true, false] {
                let count = answers(sealed, question, sized);
                assert!(count.is_some_and(|count| count <= most), "{sealed} sized {sized}: {count:?}");
            }
        }
        let bytes = Style::Byte(char::REPLACEMENT_CHARACTER);
        assert!(answers("caf\u{e9} \u{2014} it\u{2019}s 5 \u{20ac}\n", bytes, true).is_some());
    }

    /// Answers of other lengths were looked at one by one until none was left to try.
    #[test]
    fn only_answers_that_can_still_have_the_sealed_length_are_followed() {
        let found = "a ? b, c ? d\n".repeat(12);
        let sites = sites(found.as_bytes(), Style::Character('?'));
        let groups: Vec<Vec<usize>> = (0..sites.len()).map(|n| vec![n]).collect();
        assert!(!reachable(&sites, &groups)[0].contains(&-1));
        assert!(reachable(&sites, &groups)[0].contains(&48));
    }

    #[test]
    fn ordinary_questions_are_left_alone() {
        assert!(sites(b"What is it? Who did it? (Really?)\n", Style::Character('?')).is_empty());
        assert!(sites("?".repeat(5000).as_bytes(), Style::Character('?')).is_empty());
    }

    #[test]
    fn the_cheapest_come_first_and_none_twice() {
        let sites = sites("a?b ? c?d".as_bytes(), Style::Character('?'));
        let mut seen = std::collections::BTreeSet::new();
        let mut last = 0;
        let groups: Vec<Vec<usize>> = (0..sites.len()).map(|n| vec![n]).collect();
        let _ = cheapest(&sites, &groups, None, 5000, &mut |chosen| {
            assert!(seen.insert(chosen.to_vec()));
            let cost = chosen.iter().zip(&sites).map(|(n, site)| site.choices[*n].cost).sum();
            assert!(cost >= last);
            last = cost;
            ControlFlow::Continue(())
        });
        assert_eq!(seen.len(), 5000);
    }
}
