//! Builds the next library from the current one and a change batch.
//!
//! The cost follows the change: a changed article costs its own groups and the feeds that show it, and
//! nothing walks over the whole library. Comparisons are always between the libraries before and after, so
//! that the order of files within a batch has no influence.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::days::ChangedArticles;
use super::order::Edits;
use super::slugs::{ESTABLISHED, SlugClaim};
use super::{AffectedFeeds, ChangeBatch, Edited, File, Library, Members, membership};
use crate::article::{Article, ArticleBody, Full, InFeeds, Metadata, Outcome};
use crate::content_path::ContentPath;
use crate::diagnostic::Problem;
use crate::generator::HiddenReason;
use crate::key::FeedKey;

/// From this number of edits on, all cores are used.
const MANY: usize = 10_000;

/// In how many more or fewer feeds each article is shown.
type Windows = BTreeMap<ContentPath, i64>;

impl Library {
    /// Returns the library with the files of `batch` at the moment `now`, and the feeds that may have
    /// changed.
    #[must_use]
    pub fn apply(&self, batch: ChangeBatch, now: DateTime<Utc>) -> (Self, AffectedFeeds) {
        if now < self.now {
            // The clock was set back. The schedule only lists future moments, so everything must be
            // evaluated again.
            let (next, _) = self.under(Arc::clone(&self.rules), now).apply(batch, now);
            let affected = self.groups.keys().chain(next.groups.keys()).cloned().collect();
            return (next, affected);
        }
        let mut next = self.clone();
        next.now = now;
        let mut affected = AffectedFeeds::new();
        let mut changed: BTreeSet<ContentPath> = BTreeSet::new();
        let mut details = Vec::new();
        let mut read = ChangedArticles::new();
        for (place, file) in batch.articles {
            let judged = Judged::of(file);
            next.set_reports(&place, &judged);
            details.extend(judged.detail);
            read.insert(place, judged.article);
        }
        let places: Vec<ContentPath> = read.keys().cloned().collect();
        for (place, article) in next.update_days(read) {
            next.set_article(&place, article);
            changed.insert(place);
        }
        let has_moved = |place: &ContentPath| self.has_file(place.as_str()) != next.has_file(place.as_str());
        let moved: BTreeSet<ContentPath> = places.into_iter().filter(has_moved).collect();
        for (place, problem) in batch.taken {
            next.taken = next.taken.alter(|_| problem, place);
        }
        // Articles that became due, were edited or expired since the last moment.
        let past = next.schedule.iter().take_while(|(instant, _)| *instant <= now).cloned().collect::<Vec<_>>();
        for entry in past {
            next.schedule.remove(&entry);
            changed.insert(entry.1);
        }
        let (mut was, mut is) = (self.published_among(&changed), next.published_among(&changed));
        let outside =
            |articles: &[Arc<Article>]| articles.iter().filter(|article| article.in_feeds != InFeeds::All).count();
        next.outside_feeds = self.outside_feeds + outside(&is) - outside(&was);
        let edited = Self::edits(self.grouped(&mut was), next.grouped(&mut is));
        next.edit_groups(&edited, &mut affected);
        next.update_slugs_since(self, &edited, &mut affected);
        let repaged = next.update_pages_since(self, &moved);
        next.touch_pages(&repaged, &mut affected);
        let readdressed: BTreeSet<ContentPath> = changed.iter().chain(&repaged).cloned().collect();
        next.update_ids_since(self, &readdressed, &moved, &mut affected);
        next.drop_stale_details(&changed);
        for (place, detail) in details {
            next.attach(place, detail, &mut affected);
        }
        let repaged = next.published_among(&repaged.into_iter().collect());
        if !self.is_empty() {
            next.touch_translations(was.iter().chain(&is).chain(&repaged), &mut affected);
        }
        next.touch_backlinks(was.iter().chain(&is).chain(&repaged), &mut affected);
        for (path, facts) in batch.media {
            next.set_media(path, facts, &mut affected);
        }
        // A removed group is among the affected feeds, so that the edition removes its documents.
        (next, affected)
    }

    fn set_reports(&mut self, place: &ContentPath, judged: &Judged) {
        let before = if judged.problems.is_empty() {
            self.problems.remove(place.as_str())
        } else {
            self.problems.insert(place.shared(), judged.problems.as_slice().into())
        };
        let wrong = |problems: &[Problem]| problems.iter().filter(|problem| problem.is_wrong()).count();
        self.problem_count = self.problem_count + wrong(&judged.problems) - before.map_or(0, |before| wrong(&before));
        match judged.hidden {
            Some(reason) => self.hidden.insert(place.clone(), reason),
            None => self.hidden.remove(place),
        };
    }

    fn set_article(&mut self, place: &ContentPath, article: Option<Arc<Article>>) {
        let due: Vec<DateTime<Utc>> = article
            .iter()
            .flat_map(|article| membership::moments(&self.rules, article))
            .filter(|instant| *instant > self.now)
            .collect();
        let new = article.clone();
        let old = match article {
            Some(article) => self.articles.insert(article),
            None => self.articles.remove(place.as_str()),
        };
        if let Some(old) = &old {
            self.forget_names_of(old);
            self.forget_media_names_of(old);
        }
        if let Some(new) = &new {
            self.remember_names_of(new);
            self.remember_media_names_of(new);
        }
        for instant in old.iter().flat_map(|old| membership::moments(&self.rules, old)) {
            self.schedule.remove(&(instant, place.clone()));
        }
        self.schedule.extend(due.into_iter().map(|instant| (instant, place.clone())));
    }

    fn published_among(&self, places: &BTreeSet<ContentPath>) -> Vec<Arc<Article>> {
        let article = |place: &ContentPath| self.published(place.as_str()).cloned();
        if places.len() < MANY {
            return places.iter().filter_map(article).collect();
        }
        places.par_iter().filter_map(article).collect()
    }

    /// Returns which articles leave and join each group.
    fn edits(remove: HashMap<FeedKey, Vec<Arc<Article>>>, add: HashMap<FeedKey, Vec<Arc<Article>>>) -> Edited {
        // Hashing a key is cheaper than a dozen comparisons.
        let mut edited: HashMap<FeedKey, Edits> = HashMap::new();
        for (key, remove) in remove {
            edited.entry(key).or_default().remove = remove;
        }
        for (key, add) in add {
            edited.entry(key).or_default().add = add;
        }
        edited.into_iter().collect()
    }

    /// Sorts articles into their groups. The articles are sorted once here, so that each group is in order.
    fn grouped(&self, articles: &mut [Arc<Article>]) -> HashMap<FeedKey, Vec<Arc<Article>>> {
        let file = |mut groups: HashMap<FeedKey, Vec<Arc<Article>>>, article: &Arc<Article>| {
            for key in self.keys_of(article) {
                groups.entry(key).or_default().push(Arc::clone(article));
            }
            groups
        };
        if articles.len() < MANY {
            articles.sort_unstable_by(|one, other| one.rank().cmp(&other.rank()));
            return articles.iter().fold(HashMap::new(), file);
        }
        articles.par_sort_unstable_by(|one, other| one.rank().cmp(&other.rank()));
        let parts = articles.par_iter().with_min_len(MANY / 10).fold(HashMap::new, file);
        // Consecutive parts stay in order.
        parts.reduce(HashMap::new, |mut groups, later| {
            for (key, articles) in later {
                groups.entry(key).or_default().extend(articles);
            }
            groups
        })
    }

    /// Returns the groups after these edits, using all cores if there are many.
    fn edited_groups(&self, edited: &Edited) -> Vec<Members> {
        let group = |(key, edits): (&FeedKey, &Edits)| {
            self.groups.get(key).unwrap_or(&Members::none(self.rules.order(key))).edited(edits)
        };
        if edited.values().map(|edits| edits.add.len() + edits.remove.len()).sum::<usize>() < MANY {
            return edited.iter().map(group).collect();
        }
        edited.par_iter().map(group).collect()
    }

    fn edit_groups(&mut self, edited: &Edited, affected: &mut AffectedFeeds) {
        let mut windows = Windows::new();
        for (key, after) in edited.keys().zip(self.edited_groups(edited)) {
            let limit = self.rules.limit(key);
            for article in self.groups.get(key).iter().flat_map(|before| before.newest()).take(limit) {
                *windows.entry(article.place.clone()).or_default() -= 1;
            }
            for article in after.newest().take(limit) {
                *windows.entry(article.place.clone()).or_default() += 1;
            }
            if after.is_empty() && *key != FeedKey::SITE && self.rules.spelled(key).is_none() {
                self.groups.remove(key);
            } else {
                self.groups.insert(key.clone(), after);
            }
            affected.insert(key.clone());
        }
        for (place, change) in windows.into_iter().filter(|(_, change)| *change != 0) {
            let count = i64::from(self.shown.get(&place).copied().unwrap_or(0)) + change;
            match u32::try_from(count) {
                Ok(count) if count > 0 => {
                    self.shown.insert(place.clone(), count);
                    if !self.details.contains_key(&place) {
                        self.wanted.insert(place);
                    }
                }
                _ => {
                    self.shown.remove(&place);
                    self.wanted.remove(&place);
                    self.drop_detail(&place);
                }
            }
        }
    }

    /// Updates slugs and spellings, which depend on the oldest articles of a group. If one changes,
    /// everything below it, and every entry that links there, may show another URL or name.
    fn update_slugs_since(&mut self, before: &Self, edited: &Edited, affected: &mut AffectedFeeds) {
        let oldest = |library: &Self, key: &FeedKey| {
            library.groups.get(key).map(|members| {
                let mut oldest = members.oldest_first().map(Arc::as_ptr);
                std::array::from_fn::<_, { ESTABLISHED + 1 }, _>(|_| oldest.next())
            })
        };
        let moved: Vec<&FeedKey> = edited.keys().filter(|key| oldest(before, key) != oldest(self, key)).collect();
        let mut contests: BTreeSet<SlugClaim> = BTreeSet::new();
        for &key in &moved {
            let claims = |library: &Self| if library.exists(key) { library.claims(key) } else { Vec::new() };
            let (was, is) = (claims(before), claims(self));
            for claim in was.iter().filter(|claim| !is.contains(claim)) {
                if let Some(keys) = self.claimants.get_mut(claim) {
                    keys.remove(key);
                }
            }
            for claim in is.iter().filter(|claim| !was.contains(claim)) {
                self.claimants.entry(claim.clone()).or_default().insert(key.clone());
            }
            contests.extend(was.into_iter().chain(is));
        }
        let mut renamed: BTreeSet<FeedKey> = BTreeSet::new();
        for claim in contests {
            if self.claimants.get(&claim).is_some_and(imbl::OrdSet::is_empty) {
                self.claimants.remove(&claim);
            }
            let keys = before.claimants.get(&claim).into_iter().chain(self.claimants.get(&claim)).flatten();
            renamed.extend(
                keys.filter(|key| before.exists(key) && self.exists(key) && before.slug(key) != self.slug(key))
                    .cloned(),
            );
        }
        let respelled = moved.into_iter().filter(|key| before.exists(key) && self.exists(key));
        renamed.extend(
            respelled
                .filter(|key| {
                    before.spelled(key).map(|name| name.spelled().clone())
                        != self.spelled(key).map(|name| name.spelled().clone())
                })
                .cloned(),
        );
        for key in renamed {
            self.touch_below(&key, affected);
        }
    }

    fn exists(&self, key: &FeedKey) -> bool {
        self.groups.contains_key(key)
    }

    /// Marks a feed, the feeds below it, and every feed that shows one of their articles.
    fn touch_below(&self, key: &FeedKey, affected: &mut AffectedFeeds) {
        let below = self.groups.range(key.clone()..).take_while(|(other, _)| other.is_within(key));
        for (other, members) in below {
            affected.insert(other.clone());
            for article in members.newest() {
                affected.extend(self.keys_of(article));
            }
        }
        affected.extend(key.parent());
    }

    fn drop_stale_details(&mut self, changed: &BTreeSet<ContentPath>) {
        for place in changed {
            if self.details.is_empty() || !self.shown.contains_key(place) {
                continue;
            }
            let digest = self.articles.get(place.as_str()).map(|article| article.digest);
            if self.details.get(place).is_some_and(|detail| Some(detail.digest) != digest) {
                self.drop_detail(place);
                self.wanted.insert(place.clone());
            }
        }
    }

    fn drop_detail(&mut self, place: &ContentPath) {
        if let Some(detail) = self.details.remove(place) {
            self.forget_media_of(place, &detail);
            self.forget_cross_references_of(place, &detail);
        }
    }

    fn attach(&mut self, place: ContentPath, detail: ArticleBody, affected: &mut AffectedFeeds) {
        let Some(article) = self.articles.get(place.as_str()).filter(|article| article.digest == detail.digest) else {
            return;
        };
        if !self.shown.contains_key(&place) || self.wanted.remove(&place).is_none() {
            return;
        }
        affected.extend(self.keys_of(article));
        self.remember_media_of(&place, &detail);
        self.remember_cross_references_of(&place, &detail);
        self.details.insert(place, Arc::new(detail));
    }
}

/// A file of a batch, split into its parts.
struct Judged {
    article: Option<Arc<Article>>,
    hidden: Option<HiddenReason>,
    problems: Vec<Problem>,
    detail: Option<(ContentPath, ArticleBody)>,
}

impl Judged {
    fn of(file: Option<File>) -> Self {
        let (skimmed, detail) = match file {
            None => (Metadata { outcome: Outcome::Broken, problems: Vec::new() }, None),
            Some(File::Unreadable(problem)) => (Metadata { outcome: Outcome::Broken, problems: vec![problem] }, None),
            Some(File::Metadata(skimmed)) => (skimmed, None),
            Some(File::Full(detailed)) => {
                let Full { skimmed, detail } = *detailed;
                (skimmed, detail)
            }
        };
        let (article, hidden) = match skimmed.outcome {
            Outcome::Article(article) => (Some(article), None),
            Outcome::Hidden(reason) => (None, Some(reason)),
            Outcome::Broken => (None, None),
        };
        let detail = article.as_ref().and_then(|article| Some((article.place.clone(), detail?)));
        Self { article, hidden, problems: skimmed.problems, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Source, parse_front_matter};
    use crate::site::sample::rules;

    fn library() -> Library {
        Library::empty(rules("", crate::generator::plain::PLAIN), DateTime::from_timestamp(1_780_000_000, 0).unwrap())
    }

    /// Returns articles of a few days and categories, some with an id that others have too.
    fn batch(library: &Library, numbers: impl Iterator<Item = usize>) -> ChangeBatch {
        let mut batch = ChangeBatch::default();
        for number in numbers {
            let (day, category, id) = (number % 28 + 1, number % 7, number % 1000);
            let text = format!(
                "---\ntitle: T\ndate: 2026-01-{day:02}\ncategories: [a, c{category}]\nid: i{id}\n---\n{number}\n"
            );
            let place = ContentPath::new(&format!("p{number}.md"));
            let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
            let file = File::Metadata(parse_front_matter(&source, &library.rules().site.options));
            batch.articles.insert(place, Some(file));
        }
        batch
    }

    #[test]
    fn one_large_batch_equals_many_small_ones() {
        let start = library();
        let (at_once, _) = start.apply(batch(&start, 0..MANY + 50), start.now);
        let mut by_parts = start.clone();
        for part in 0..=MANY / 1000 {
            let numbers = (part * 1000..(part + 1) * 1000).filter(|number| *number < MANY + 50);
            by_parts = by_parts.apply(batch(&start, numbers), start.now).0;
        }
        let shown = |library: &Library| -> Vec<(FeedKey, Vec<ContentPath>)> {
            let places = |key| library.members(key).into_iter().flat_map(Members::newest);
            library
                .keys()
                .map(|key| (key.clone(), places(key).map(|article| article.place.clone()).collect()))
                .collect()
        };
        assert_eq!(at_once.published_count(), MANY + 50);
        assert_eq!(shown(&at_once), shown(&by_parts));
        assert_eq!(at_once.conflicts().len(), by_parts.conflicts().len());
        assert!(!at_once.conflicts().is_empty());
    }
}
