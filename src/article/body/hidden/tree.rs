//! Parses a body with an HTML parser and serializes the tree without its hidden elements and its furniture.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, local_name, ns, parse_fragment};

use super::super::html::escape;
use super::{furniture, hides, is_void};

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

    fn is_hidden(&self) -> bool {
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
            true
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
            !left_out.contains(&node.name())
        });
        whole
    }

    /// Visits the nodes inside this one in order. `visitor` returns whether to visit those inside the node as well.
    fn visit(&self, visitor: &mut dyn FnMut(&NodeHandle) -> bool) {
        let mut rest: Vec<NodeHandle> = self.children.borrow().iter().rev().cloned().collect();
        while let Some(node) = rest.pop() {
            if visitor(&node) {
                rest.extend(node.children.borrow().iter().rev().cloned());
            }
        }
    }

    fn fate(&self) -> Fate {
        if self.is_hidden() { Fate::Removed } else { furniture::fate(self) }
    }
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

struct Sink {
    document: NodeHandle,
    /// The name of nodes that are not elements.
    nameless: QualName,
}

impl Default for Sink {
    fn default() -> Self {
        Self { document: NodeHandle::default(), nameless: QualName::new(None, ns!(), local_name!("")) }
    }
}

impl Sink {
    /// Inserts a node or text among the children of a node.
    fn insert(parent: &NodeHandle, at: usize, child: NodeOrText<NodeHandle>) {
        let mut children = parent.children.borrow_mut();
        let node = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|before| children.get(before));
                if let Some(NodeKind::Text(known)) = before.map(|node| &node.kind) {
                    known.borrow_mut().push_str(&text);
                    return;
                }
                Node::new(NodeKind::Text(RefCell::new(text.to_string())))
            }
        };
        *node.parent.borrow_mut() = Rc::downgrade(parent);
        children.insert(at, node);
    }

    fn place(node: &NodeHandle) -> Option<(NodeHandle, usize)> {
        let parent = node.parent.borrow().upgrade()?;
        // The node is usually among the last children.
        let at = parent.children.borrow().iter().rposition(|child| Rc::ptr_eq(child, node))?;
        Some((parent, at))
    }
}

impl TreeSink for Sink {
    type Handle = NodeHandle;
    type Output = NodeHandle;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> NodeHandle {
        self.document
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeHandle {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a NodeHandle) -> ExpandedName<'a> {
        match &target.kind {
            NodeKind::Element { name, .. } => name.expanded(),
            // The parser only asks for the names of elements.
            NodeKind::Other | NodeKind::Text(_) => self.nameless.expanded(),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeHandle {
        Node::new(NodeKind::Element {
            name,
            attributes: RefCell::new(attributes),
            template: flags.template.then(NodeHandle::default),
            is_integration_point: flags.mathml_annotation_xml_integration_point,
        })
    }

    fn create_comment(&self, _: StrTendril) -> NodeHandle {
        NodeHandle::default()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeHandle {
        NodeHandle::default()
    }

    fn append(&self, parent: &NodeHandle, child: NodeOrText<NodeHandle>) {
        let end = parent.children.borrow().len();
        Self::insert(parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeHandle, above: &NodeHandle, child: NodeOrText<NodeHandle>) {
        if element.parent.borrow().upgrade().is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(above, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeHandle) -> NodeHandle {
        match &target.kind {
            NodeKind::Element { template: Some(template), .. } => Rc::clone(template),
            // The parser only asks this of templates.
            NodeKind::Element { .. } | NodeKind::Other | NodeKind::Text(_) => NodeHandle::default(),
        }
    }

    fn same_node(&self, one: &NodeHandle, other: &NodeHandle) -> bool {
        Rc::ptr_eq(one, other)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeHandle, child: NodeOrText<NodeHandle>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.remove_from_parent(node);
        }
        if let Some((parent, at)) = Self::place(sibling) {
            Self::insert(&parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeHandle, added: Vec<Attribute>) {
        if let NodeKind::Element { attributes, .. } = &target.kind {
            let mut attributes = attributes.borrow_mut();
            for attribute in added {
                if !attributes.iter().any(|known| known.name == attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeHandle) {
        if let Some((parent, at)) = Self::place(target) {
            parent.children.borrow_mut().remove(at);
            *target.parent.borrow_mut() = Weak::new();
        }
    }

    fn reparent_children(&self, node: &NodeHandle, new_parent: &NodeHandle) {
        let children = std::mem::take(&mut *node.children.borrow_mut());
        for child in &children {
            *child.parent.borrow_mut() = Rc::downgrade(new_parent);
        }
        new_parent.children.borrow_mut().extend(children);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &NodeHandle) -> bool {
        matches!(target.kind, NodeKind::Element { is_integration_point: true, .. })
    }
}
