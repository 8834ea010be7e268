//! Lets an HTML parser build the tree.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName, local_name, ns};

use super::{Node, NodeHandle, NodeKind};

/// Builds the tree for an HTML parser.
pub(super) struct Sink {
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
