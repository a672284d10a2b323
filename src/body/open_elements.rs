//! The open elements of a parser, without a tree: a sink of html5ever that keeps only names and counts.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::Tracer;
use html5ever::{Attribute, ExpandedName, QualName, local_name, ns};

/// Returns the length of a tag, in bytes.
pub(super) fn measure(name: &str, attributes: &[Attribute]) -> usize {
    name.len() + attributes.iter().map(|own| own.name.local.len() + own.value.len() + 4).sum::<usize>() + 2
}

/// An element of which only the name is known.
#[derive(Clone)]
pub(super) struct Element(Rc<(QualName, bool)>);

impl Element {
    pub(super) fn new(name: QualName) -> Self {
        Self(Rc::new((name, false)))
    }
}

/// A tree of which only the elements are counted.
#[derive(Default)]
pub(super) struct Elements {
    /// The number of elements that were created.
    pub(super) created: Cell<usize>,
    /// The length of their tags.
    pub(super) bytes: Cell<usize>,
    /// The number of pieces of misplaced content that were moved in front of a table.
    pub(super) misplaced: Cell<usize>,
}

impl TreeSink for Elements {
    type Handle = Element;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn elem_name<'a>(&'a self, element: &'a Element) -> ExpandedName<'a> {
        element.0.0.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Element {
        self.created.set(self.created.get() + 1);
        self.bytes.set(self.bytes.get() + measure(&name.local, &attributes));
        Element(Rc::new((name, flags.mathml_annotation_xml_integration_point)))
    }

    fn same_node(&self, one: &Element, other: &Element) -> bool {
        Rc::ptr_eq(&one.0, &other.0)
    }

    fn is_mathml_annotation_xml_integration_point(&self, element: &Element) -> bool {
        element.0.1
    }

    fn get_document(&self) -> Element {
        Element::new(QualName::new(None, ns!(), local_name!("")))
    }

    fn get_template_contents(&self, template: &Element) -> Element {
        template.clone()
    }

    fn create_comment(&self, _: StrTendril) -> Element {
        self.get_document()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Element {
        self.get_document()
    }

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn append(&self, _: &Element, _: NodeOrText<Element>) {}

    fn append_based_on_parent_node(&self, _: &Element, _: &Element, _: NodeOrText<Element>) {
        self.misplaced.set(self.misplaced.get() + 1);
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn append_before_sibling(&self, _: &Element, _: NodeOrText<Element>) {}

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &Element, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, _: &Element) {}

    fn reparent_children(&self, _: &Element, _: &Element) {}
}

/// Counts the elements that a tree builder holds.
#[derive(Default)]
pub(super) struct Counter(Cell<usize>);

impl Counter {
    pub(super) fn count(&self) -> usize {
        self.0.get()
    }
}

impl Tracer for Counter {
    type Handle = Element;

    fn trace_handle(&self, _: &Element) {
        self.0.set(self.0.get() + 1);
    }
}
