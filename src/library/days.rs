//! Gives the articles of a day, if their dates have no time, different seconds.
//!
//! Many bots remember the newest date that they saw, and would miss a second article of the same instant. So of the
//! articles of a day, each has one second more than the one before it by path. All articles count, also those that are
//! not due or expired, so that dates depend on the files alone and not on the moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Library;
use crate::article::Article;
use crate::content_path::ContentPath;

/// The articles at these paths, as they will be; `None` for one that was removed.
pub(super) type ChangedArticles = BTreeMap<ContentPath, Option<Arc<Article>>>;

impl Library {
    /// Returns which articles change if these were read: those that differ, and those of their days whose second is
    /// another one because an article was added before them or removed. The cost is that of the days.
    pub(super) fn update_days(&mut self, read: ChangedArticles) -> ChangedArticles {
        let mut changed = ChangedArticles::new();
        let mut regrouped: BTreeSet<DateTime<Utc>> = BTreeSet::new();
        for (place, article) in read {
            let before = self.articles.get(place.as_str());
            let article = article.map(|article| Article::at_second(&article, 0));
            if before.map(|before| Article::at_second(before, 0)) == article {
                continue;
            }
            let second = before.and_then(|before| before.second).unwrap_or(0);
            let was = before.and_then(|before| before.day());
            let is = article.as_ref().and_then(|article| article.day());
            if was == is {
                changed.insert(place, article.map(|article| Article::at_second(&article, second)));
                continue;
            }
            if let Some(was) = was {
                self.days.remove(&(was, place.clone()));
            }
            if let Some(is) = is {
                self.days.insert((is, place.clone()));
            }
            regrouped.extend(was.into_iter().chain(is));
            changed.insert(place, article);
        }
        let first = ContentPath::new("");
        for day in regrouped {
            let places = self.days.range((day, first.clone())..).take_while(|(other, _)| *other == day);
            for (index, (_, place)) in places.enumerate() {
                let second = self.rules.site.options.default_time.second(index);
                let read = changed.get(place).map_or_else(|| self.articles.get(place.as_str()), Option::as_ref);
                if let Some(article) = read.filter(|article| article.second != Some(second)) {
                    changed.insert(place.clone(), Some(Article::at_second(article, second)));
                }
            }
        }
        changed
    }
}
