//! Tracks open elements, to keep the work of the sanitiser's parser linear.
//!
//! html5ever needs quadratic time in the depth of the tree, and repeats unclosed inline elements in every
//! following paragraph. Therefore this module writes end tags where HTML implies them, closes all elements
//! at the end, and removes the tags, but not the text, of elements that are nested too deeply.
//! [`super::rewrite`] and [`super::settle`] use it; attributes and the list of allowed elements do not
//! concern it.

/// Maximum nesting depth, as in browsers.
const DEEPEST: usize = 512;

/// The stack of open elements, outermost first.
#[derive(Default)]
pub(crate) struct OpenElements {
    stack: Vec<&'static str>,
    /// Number of elements that were left out for being nested too deeply and are not closed yet.
    left_out: usize,
    paragraphs: usize,
}

pub(crate) fn is_void(name: &str) -> bool {
    matches!(name, "area" | "br" | "col" | "hr" | "img" | "source" | "wbr")
}

/// Elements that may be closed out of order (HTML standard, adoption agency algorithm).
fn is_formatting(name: &str) -> bool {
    matches!(name, "a" | "b" | "code" | "em" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

/// The other inline elements. Their end tag has no effect across a block.
fn is_phrase(name: &str) -> bool {
    matches!(
        name,
        "abbr"
            | "acronym"
            | "audio"
            | "bdi"
            | "cite"
            | "data"
            | "del"
            | "dfn"
            | "ins"
            | "kbd"
            | "mark"
            | "picture"
            | "q"
            | "samp"
            | "span"
            | "sub"
            | "sup"
            | "time"
            | "var"
            | "video"
    )
}

pub(super) fn closes_paragraph(name: &str) -> bool {
    matches!(
        name,
        "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "div"
            | "dl"
            | "dd"
            | "dt"
            | "figcaption"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "summary"
            | "table"
            | "ul"
    )
}

/// Returns the open elements that a start tag closes, and the elements at which the search for them ends.
fn implied(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "table", "td", "th"]),
        "dd" | "dt" => (&["dd", "dt"], &["dl", "table", "td", "th"]),
        "a" => (&["a"], &["table", "td", "th"]),
        "rt" | "rp" => (&["rt", "rp"], &["ruby", "table", "td", "th"]),
        "td" | "th" => (&["td", "th", "caption", "colgroup"], &["table"]),
        "tr" => (&["tr", "td", "th", "caption", "colgroup"], &["table"]),
        "tbody" | "thead" | "tfoot" | "colgroup" | "caption" => {
            (&["tbody", "thead", "tfoot", "caption", "colgroup", "tr"], &["table"])
        }
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (&["h1", "h2", "h3", "h4", "h5", "h6"], &[]),
        _ => (&[], &[]),
    }
}

impl OpenElements {
    /// Returns whether no element is open, including those that were left out.
    pub(crate) fn is_empty(&self) -> bool {
        self.stack.is_empty() && self.left_out == 0
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.stack.contains(&name)
    }

    /// Closes the elements that a start tag implies. Returns whether the caller should write the tag.
    pub(crate) fn start(&mut self, name: &'static str, out: &mut String) -> bool {
        if self.left_out > 0 {
            self.left_out += usize::from(!is_void(name));
            return is_void(name);
        }
        if matches!(name, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" | "colgroup" | "col")
            && !self.contains("table")
        {
            return false;
        }
        if self.paragraphs > 0 && closes_paragraph(name) {
            self.close_nearest(&["p"], &["table", "td", "th", "caption"], out);
        }
        let (closed, bounds) = implied(name);
        if bounds.is_empty() && !closed.is_empty() {
            // A heading closes another one only if that is its direct parent.
            if self.stack.last().is_some_and(|top| closed.contains(top)) {
                self.pop(out);
            }
        } else if !closed.is_empty() {
            // `<tbody>` closes the row, then the previous body.
            while self.close_nearest(closed, bounds, out) {}
        }
        // `<rt>` must be a child of `<ruby>`, or html5lib reports an error.
        if matches!(name, "rt" | "rp") && self.contains("ruby") && self.stack.last() != Some(&"ruby") {
            return false;
        }
        // The parser would repeat inline elements that are open between cells in every following cell.
        let parents: &[&str] = match name {
            "td" | "th" => &["tr", "tbody", "thead", "tfoot", "table"],
            "tr" | "col" => &["tbody", "thead", "tfoot", "colgroup", "table"],
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => &["table"],
            _ => &[],
        };
        while !parents.is_empty() && self.stack.last().is_some_and(|top| !parents.contains(top)) {
            self.pop(out);
        }
        if is_void(name) {
            return true;
        }
        if self.stack.len() >= DEEPEST {
            self.left_out = 1;
            return false;
        }
        self.paragraphs += usize::from(name == "p");
        self.stack.push(name);
        true
    }

    /// Closes the elements that an end tag closes.
    pub(crate) fn end(&mut self, name: &'static str, out: &mut String) {
        if self.left_out > 0 {
            self.left_out -= usize::from(!is_void(name));
            return;
        }
        let in_table = matches!(name, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" | "table");
        let mut at = self.stack.len();
        while at > 0 {
            at -= 1;
            let open = self.stack[at];
            if open == name {
                let inline = |inner: &&str| is_formatting(inner) || is_phrase(inner);
                let across = !self.stack[at + 1..].iter().all(inline);
                if across && is_phrase(name) {
                } else if across && is_formatting(name) {
                    // Closed out of order around a block: the parser handles this.
                    self.stack.remove(at);
                    push_end(name, out);
                } else {
                    while self.stack.len() > at {
                        self.pop(out);
                    }
                }
                return;
            }
            // An end tag in a cell cannot close elements outside its table, and the end tag of an item
            // cannot close the item around a nested list.
            if open == "table"
                || (name == "li" && matches!(open, "ul" | "ol"))
                || (!in_table && matches!(open, "td" | "th" | "caption"))
            {
                return;
            }
        }
    }

    /// Closes the link that is open and everything inside it, unless it is around a table.
    pub(crate) fn close_link(&mut self, out: &mut String) {
        self.close_nearest(&["a"], &["table", "td", "th", "caption"], out);
    }

    pub(crate) fn finish(&mut self, out: &mut String) {
        while !self.stack.is_empty() {
            self.pop(out);
        }
    }

    /// Closes the innermost of `names` and everything inside it, unless one of `bounds` is nearer. Returns
    /// whether it closed anything.
    fn close_nearest(&mut self, names: &[&str], bounds: &[&str], out: &mut String) -> bool {
        let mut open = self.stack.iter();
        let found = open.rposition(|open| names.contains(open) || bounds.contains(open));
        let Some(at) = found.filter(|at| names.contains(&self.stack[*at])) else {
            return false;
        };
        while self.stack.len() > at {
            self.pop(out);
        }
        true
    }

    fn pop(&mut self, out: &mut String) {
        if let Some(name) = self.stack.pop() {
            self.paragraphs -= usize::from(name == "p");
            push_end(name, out);
        }
    }
}

fn push_end(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}
