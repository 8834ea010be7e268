//! Parses a body with an HTML parser and serializes the tree without its hidden elements.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, local_name, ns, parse_fragment};

use super::super::html::escape;
use super::{hides, is_void};

/// Returns HTML without its hidden elements. The caller limits the nesting depth.
pub(super) fn without_hidden(html: &str) -> String {
    let mut options = ParseOpts::default();
    // Parse the content of `<noscript>` as elements, as readers without scripts do.
    options.tree_builder.scripting_enabled = false;
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let document = parse_fragment(Sink::default(), options, context, Vec::new(), false).one(html);
    let mut out = String::with_capacity(html.len());
    write(&document, &mut out);
    out
}

/// A node of the tree.
#[derive(Default)]
struct Node {
    parent: RefCell<Weak<Node>>,
    children: RefCell<Vec<Handle>>,
    kind: Kind,
}

type Handle = Rc<Node>;

#[derive(Default)]
enum Kind {
    /// The document, a comment, or the content of a template.
    #[default]
    Other,
    Text(RefCell<String>),
    Element {
        name: QualName,
        attributes: RefCell<Vec<Attribute>>,
        template: Option<Handle>,
        is_integration_point: bool,
    },
}

impl Node {
    fn new(kind: Kind) -> Handle {
        Rc::new(Self { kind, ..Self::default() })
    }

    fn is_hidden(&self) -> bool {
        let Kind::Element { name, attributes, .. } = &self.kind else {
            return false;
        };
        let attributes = attributes.borrow();
        let value = |wanted: &str| {
            let found = attributes.iter().find(|attribute| &*attribute.name.local == wanted)?;
            Some(Cow::Borrowed(&*found.value))
        };
        hides(&name.local, &value)
    }
}

/// The remaining work, next step last.
enum Step {
    Node(Handle),
    End(String),
}

fn write(document: &Handle, out: &mut String) {
    // The document of a fragment contains one element, which contains the parsed nodes.
    let roots = document.children.borrow();
    let mut steps: Vec<Step> = Vec::new();
    let children = |node: &Handle, steps: &mut Vec<Step>| {
        steps.extend(node.children.borrow().iter().rev().map(|child| Step::Node(Rc::clone(child))));
    };
    roots.iter().for_each(|root| children(root, &mut steps));
    while let Some(step) = steps.pop() {
        let node = match step {
            Step::End(name) => {
                out.extend(["</", &name, ">"]);
                continue;
            }
            Step::Node(node) if node.is_hidden() => continue,
            Step::Node(node) => node,
        };
        match &node.kind {
            Kind::Other => {}
            Kind::Text(text) => text_of(&node, &text.borrow(), out),
            Kind::Element { name, attributes, .. } => {
                let name = name.local.to_string();
                out.extend(["<", &name]);
                for Attribute { name, value } in attributes.borrow().iter() {
                    let prefix = name.prefix.as_ref().map(|prefix| format!("{prefix}:")).unwrap_or_default();
                    out.extend([" ", &prefix, &*name.local, "=\"", &escape(value), "\""]);
                }
                out.push('>');
                // A parser drops the first line break in these elements.
                if matches!(&*name, "pre" | "listing" | "textarea") {
                    out.push('\n');
                }
                if !is_void(&name) {
                    steps.push(Step::End(name));
                    children(&node, &mut steps);
                }
            }
        }
    }
}

/// Writes a text as required by the element that contains it.
fn text_of(node: &Node, text: &str, out: &mut String) {
    let parent = node.parent.borrow().upgrade();
    let raw = parent.is_some_and(|parent| match &parent.kind {
        Kind::Element { name, .. } => {
            matches!(&*name.local, "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes")
        }
        Kind::Other | Kind::Text(_) => false,
    });
    if raw { out.push_str(text) } else { out.push_str(&escape(text)) }
}

struct Sink {
    document: Handle,
    /// The name of nodes that are not elements.
    nameless: QualName,
}

impl Default for Sink {
    fn default() -> Self {
        Self { document: Handle::default(), nameless: QualName::new(None, ns!(), local_name!("")) }
    }
}

impl Sink {
    /// Inserts a node or text among the children of a node.
    fn insert(parent: &Handle, at: usize, child: NodeOrText<Handle>) {
        let mut children = parent.children.borrow_mut();
        let node = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|before| children.get(before));
                if let Some(Kind::Text(known)) = before.map(|node| &node.kind) {
                    known.borrow_mut().push_str(&text);
                    return;
                }
                Node::new(Kind::Text(RefCell::new(text.to_string())))
            }
        };
        *node.parent.borrow_mut() = Rc::downgrade(parent);
        children.insert(at, node);
    }

    fn place(node: &Handle) -> Option<(Handle, usize)> {
        let parent = node.parent.borrow().upgrade()?;
        // The node is usually among the last children.
        let at = parent.children.borrow().iter().rposition(|child| Rc::ptr_eq(child, node))?;
        Some((parent, at))
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Handle;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Handle {
        self.document
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        match &target.kind {
            Kind::Element { name, .. } => name.expanded(),
            // The parser only asks for the names of elements.
            Kind::Other | Kind::Text(_) => self.nameless.expanded(),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        Node::new(Kind::Element {
            name,
            attributes: RefCell::new(attributes),
            template: flags.template.then(Handle::default),
            is_integration_point: flags.mathml_annotation_xml_integration_point,
        })
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        Handle::default()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        Handle::default()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let end = parent.children.borrow().len();
        Self::insert(parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, above: &Handle, child: NodeOrText<Handle>) {
        if element.parent.borrow().upgrade().is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(above, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        match &target.kind {
            Kind::Element { template: Some(template), .. } => Rc::clone(template),
            // The parser only asks this of templates.
            Kind::Element { .. } | Kind::Other | Kind::Text(_) => Handle::default(),
        }
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        Rc::ptr_eq(one, other)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.remove_from_parent(node);
        }
        if let Some((parent, at)) = Self::place(sibling) {
            Self::insert(&parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, added: Vec<Attribute>) {
        if let Kind::Element { attributes, .. } = &target.kind {
            let mut attributes = attributes.borrow_mut();
            for attribute in added {
                if !attributes.iter().any(|known| known.name == attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        if let Some((parent, at)) = Self::place(target) {
            parent.children.borrow_mut().remove(at);
            *target.parent.borrow_mut() = Weak::new();
        }
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let children = std::mem::take(&mut *node.children.borrow_mut());
        for child in &children {
            *child.parent.borrow_mut() = Rc::downgrade(new_parent);
        }
        new_parent.children.borrow_mut().extend(children);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Handle) -> bool {
        matches!(target.kind, Kind::Element { is_integration_point: true, .. })
    }
}
