//! Parses a body with an HTML parser and serializes the tree without its hidden elements and its furniture.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use html5ever::tendril::TendrilSink as _;
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_fragment};

use super::super::html::escape;
use super::{furniture, hides, is_void};
use sink::Sink;

mod sink;

/// What happens to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// Only the contents of these descendants are kept: the cells of code beside the line numbers.
    Cells,
    /// Only the id is kept, because links lead to it.
    Id,
    Removed,
}

/// Returns HTML without its hidden elements and its furniture; `None` if it has none. The caller limits the nesting
/// depth.
pub(super) fn without_hidden(html: &str) -> Option<String> {
    let mut options = ParseOpts::default();
    // Parse the content of `<noscript>` as elements, as readers without scripts do.
    options.tree_builder.scripting_enabled = false;
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let document = parse_fragment(Sink::default(), options, context, Vec::new(), false).one(html);
    let mut out = String::with_capacity(html.len());
    write(&document, &mut out).then_some(out)
}

#[derive(Default)]
pub(super) struct Node {
    parent: RefCell<Weak<Node>>,
    children: RefCell<Vec<NodeHandle>>,
    kind: NodeKind,
    /// How much text is inside. The tree does not change after the first use.
    text_size: OnceCell<TextSize>,
}

/// How much text there is.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextSize {
    /// Without surrounding white space.
    pub(super) bytes: usize,
    /// The number of letters and digits.
    pub(super) letters: usize,
}

impl TextSize {
    pub(super) fn of(text: &str) -> Self {
        Self { bytes: text.trim().len(), letters: text.chars().filter(|c| c.is_alphanumeric()).count() }
    }
}

pub(super) type NodeHandle = Rc<Node>;

#[derive(Default)]
enum NodeKind {
    /// The document, a comment, or the content of a template.
    #[default]
    Other,
    Text(RefCell<String>),
    Element {
        name: QualName,
        attributes: RefCell<Vec<Attribute>>,
        template: Option<NodeHandle>,
        is_integration_point: bool,
    },
}

impl Node {
    fn new(kind: NodeKind) -> NodeHandle {
        Rc::new(Self { kind, ..Self::default() })
    }

    pub(super) fn is_hidden(&self) -> bool {
        let NodeKind::Element { name, attributes, .. } = &self.kind else {
            return false;
        };
        let attributes = attributes.borrow();
        let value = |wanted: &str| {
            let found = attributes.iter().find(|attribute| &*attribute.name.local == wanted)?;
            Some(Cow::Borrowed(&*found.value))
        };
        hides(&name.local, &value)
    }

    /// Returns the name of an element; empty for other nodes.
    pub(super) fn name(&self) -> &str {
        match &self.kind {
            NodeKind::Element { name, .. } => &name.local,
            NodeKind::Other | NodeKind::Text(_) => "",
        }
    }

    /// Returns the value of an attribute; empty if there is none.
    pub(super) fn value(&self, wanted: &str) -> String {
        let NodeKind::Element { attributes, .. } = &self.kind else {
            return String::new();
        };
        let attributes = attributes.borrow();
        let found = attributes.iter().find(|attribute| &*attribute.name.local == wanted);
        found.map_or_else(String::new, |found| found.value.to_string())
    }

    /// Returns the nearest element around this one that fulfils a condition.
    pub(super) fn around(&self, wanted: impl Fn(&Node) -> bool) -> Option<NodeHandle> {
        let mut parent = self.parent.borrow().upgrade();
        while let Some(node) = parent.take_if(|node| !wanted(node)) {
            parent = node.parent.borrow().upgrade();
        }
        parent
    }

    /// Returns the children.
    pub(super) fn children(&self) -> Vec<NodeHandle> {
        self.children.borrow().clone()
    }

    /// Returns the elements inside this one, in order.
    pub(super) fn elements(&self) -> Vec<NodeHandle> {
        let mut found = Vec::new();
        self.visit(&mut |node| {
            if let NodeKind::Element { .. } = node.kind {
                found.push(Rc::clone(node));
            }
            Visit::Inside
        });
        found
    }

    /// Returns whether an element whose name fulfils a condition is inside this one.
    pub(super) fn contains(&self, wanted: impl Fn(&str) -> bool) -> bool {
        let mut found = false;
        self.visit(&mut |node| {
            found = wanted(node.name());
            if found { Visit::Nothing } else { Visit::Inside }
        });
        found
    }

    /// Returns the text inside this node, without that of elements with these names.
    pub(super) fn text_without(&self, left_out: &[&str]) -> String {
        let mut whole = String::new();
        if let NodeKind::Text(text) = &self.kind {
            whole.push_str(&text.borrow());
        }
        self.visit(&mut |node| {
            if let NodeKind::Text(text) = &node.kind {
                whole.push_str(&text.borrow());
            }
            if left_out.contains(&node.name()) { Visit::Beside } else { Visit::Inside }
        });
        whole
    }

    /// Returns the text inside this node if it has at most so many characters.
    pub(super) fn text_up_to(&self, most: usize) -> Option<String> {
        let mut text = String::new();
        let mut left = most;
        let mut is_short = true;
        self.visit(&mut |node| {
            if let NodeKind::Text(piece) = &node.kind {
                let piece = piece.borrow();
                let length = piece.chars().take(left + 1).count();
                is_short = length <= left;
                if !is_short {
                    return Visit::Nothing;
                }
                left -= length;
                text.push_str(&piece);
            }
            Visit::Inside
        });
        is_short.then_some(text)
    }

    /// Returns how much text is inside this node.
    pub(super) fn text_size(&self) -> TextSize {
        *self.text_size.get_or_init(|| TextSize::of(&self.text_without(&[])))
    }

    /// Visits the nodes inside this one in order. `visitor` returns which to visit next.
    fn visit(&self, visitor: &mut dyn FnMut(&NodeHandle) -> Visit) {
        let mut rest: Vec<NodeHandle> = self.children.borrow().iter().rev().cloned().collect();
        while let Some(node) = rest.pop() {
            match visitor(&node) {
                Visit::Inside => rest.extend(node.children.borrow().iter().rev().cloned()),
                Visit::Beside => {}
                Visit::Nothing => return,
            }
        }
    }

    fn fate(&self) -> Fate {
        if self.is_hidden() { Fate::Removed } else { furniture::fate(self) }
    }
}

/// Which nodes to visit after a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visit {
    /// Those inside it, and then those after it.
    Inside,
    /// Those after it.
    Beside,
    Nothing,
}

/// The remaining work, next step last.
enum TreeStep {
    Node(NodeHandle),
    End(String),
}

/// Writes what is left of a document. Returns whether something is missing.
fn write(document: &NodeHandle, out: &mut String) -> bool {
    let mut is_changed = false;
    // The document of a fragment contains one element, which contains the parsed nodes.
    let roots = document.children.borrow();
    let mut steps: Vec<TreeStep> = Vec::new();
    let children = |node: &NodeHandle, steps: &mut Vec<TreeStep>| {
        steps.extend(node.children.borrow().iter().rev().map(|child| TreeStep::Node(Rc::clone(child))));
    };
    roots.iter().for_each(|root| children(root, &mut steps));
    while let Some(step) = steps.pop() {
        let node = match step {
            TreeStep::End(name) => {
                out.extend(["</", &name, ">"]);
                continue;
            }
            TreeStep::Node(node) => node,
        };
        let fate = node.fate();
        is_changed |= fate != Fate::Kept;
        match fate {
            Fate::Kept => {}
            Fate::Removed => continue,
            Fate::Cells => {
                furniture::code_cells(&node).iter().rev().for_each(|cell| children(cell, &mut steps));
                continue;
            }
            Fate::Id => {
                out.extend(["<a id=\"", &escape(&furniture::id(&node)), "\"></a>"]);
                continue;
            }
        }
        match &node.kind {
            NodeKind::Other => {}
            NodeKind::Text(text) => text_of(&node, &text.borrow(), out),
            NodeKind::Element { name, attributes, .. } => {
                let name = name.local.to_string();
                out.extend(["<", &name]);
                // The id of a heading is made of its whole text.
                let is_telling =
                    furniture::is_heading(&name) && node.elements().iter().any(|inside| inside.is_hidden());
                let is_shown = |attribute: &&Attribute| !is_telling || &*attribute.name.local != "id";
                for Attribute { name, value } in attributes.borrow().iter().filter(is_shown) {
                    let prefix = name.prefix.as_ref().map(|prefix| format!("{prefix}:")).unwrap_or_default();
                    out.extend([" ", &prefix, &*name.local, "=\"", &escape(value), "\""]);
                }
                out.push('>');
                // A parser drops the first line break in these elements.
                if matches!(&*name, "pre" | "listing" | "textarea") {
                    out.push('\n');
                }
                if !is_void(&name) {
                    steps.push(TreeStep::End(name));
                    children(&node, &mut steps);
                }
            }
        }
    }
    is_changed
}

/// Writes a text as required by the element that contains it.
fn text_of(node: &Node, text: &str, out: &mut String) {
    let parent = node.parent.borrow().upgrade();
    let raw = parent.is_some_and(|parent| match &parent.kind {
        NodeKind::Element { name, .. } => {
            matches!(&*name.local, "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes")
        }
        NodeKind::Other | NodeKind::Text(_) => false,
    });
    if raw { out.push_str(text) } else { out.push_str(&escape(text)) }
}
