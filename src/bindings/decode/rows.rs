//! The rows of a board, decoded while they arrive.
//!
//! A server streams lines of JSON: a header, which names the columns, then one line for each row.
//! An older server sends a JSON list. Both give the same dicts.

use bytes::Bytes;
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString},
};

use super::{skip_blanks, Builder, Context, CHUNK};
use crate::{
    error::Error,
    reply::{is_ndjson, malformed, Charset, Columns, TASKS},
};

/// How the rows of a body follow each other.
enum Form {
    /// As lines. The first is the header, which says what a row looks like.
    Lines(Option<Layout>),
    /// As the entries of a JSON list.
    Entries(Scanner),
    /// As a JSON list that the decoder does not read piece by piece.
    Whole,
    /// Not at all: the body has ended.
    Ended,
}

/// Decodes the rows of a body, piece by piece.
pub(in crate::bindings) struct RowReader {
    form: Form,
    content_type: Option<String>,
    /// The bytes that have not been decoded.
    pending: Vec<u8>,
}

impl RowReader {
    /// A reader of a body with this content type.
    pub(in crate::bindings) fn new(content_type: Option<&str>) -> Self {
        let form = if is_ndjson(content_type) {
            Form::Lines(None)
        } else if matches!(Charset::of(content_type), Charset::Utf8 | Charset::Unknown) {
            Form::Entries(Scanner::default())
        } else {
            Form::Whole
        };
        Self { form, content_type: content_type.map(str::to_owned), pending: Vec::new() }
    }

    /// Decodes the rows that these bytes complete.
    pub(in crate::bindings) fn push<'py>(
        &mut self,
        py: Python<'py>,
        bytes: &[u8],
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let known = self.pending.len();
        self.pending.extend_from_slice(bytes);
        match &mut self.form {
            Form::Lines(layout) => {
                let Some(last) = bytes.iter().rposition(|byte| *byte == b'\n') else {
                    return Ok(Vec::new());
                };
                let rest = self.pending.split_off(known + last + 1);
                let lines = std::mem::replace(&mut self.pending, rest);
                let mut context = Context::for_length(py, lines.len())?;
                decode_lines(py, layout, &lines, &mut context)
            }
            Form::Entries(scanner) => match scanner.scan(&self.pending) {
                Scan::NoList => {
                    self.form = Form::Whole;
                    Ok(Vec::new())
                }
                Scan::Entries { start, end, count } => {
                    let rows = decode_entries(py, &self.pending[start..end], count)?;
                    // The comma or bracket behind the entries goes, too.
                    self.pending.drain(..=end);
                    Ok(rows)
                }
                Scan::Nothing => Ok(Vec::new()),
            },
            Form::Whole | Form::Ended => Ok(Vec::new()),
        }
    }

    /// Decodes the rest at the end of the body. `loads` decodes JSON as upstream does.
    pub(in crate::bindings) fn finish<'py>(
        &mut self,
        py: Python<'py>,
        loads: impl FnOnce(&[u8], Option<&str>) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let rest = std::mem::take(&mut self.pending);
        match &mut std::mem::replace(&mut self.form, Form::Ended) {
            Form::Ended => Ok(Vec::new()),
            Form::Lines(layout) => {
                let mut context = Context::for_length(py, rest.len())?;
                let rows = decode_lines(py, layout, &rest, &mut context)?;
                match layout {
                    Some(_) => Ok(rows),
                    None => Err(unreadable("it has no header")),
                }
            }
            Form::Entries(scanner) if scanner.is_closed => {
                if skip_blanks(&rest).is_empty() {
                    return Ok(Vec::new());
                }
                Err(unreadable("its list does not end the answer"))
            }
            Form::Entries(scanner) if scanner.has_begun() => {
                Err(unreadable("its list does not end"))
            }
            Form::Entries(_) | Form::Whole => {
                match loads(&rest, self.content_type.as_deref())?.cast_into::<PyList>() {
                    Ok(list) => Ok(list.iter().collect()),
                    Err(_) => Err(unreadable("it is no list")),
                }
            }
        }
    }
}

fn unreadable(reason: &str) -> PyErr {
    match malformed(reason) {
        Error::Decode { message } => PyValueError::new_err(message),
        error => PyValueError::new_err(error.to_string()),
    }
}

/// The list of a board's rows, from the whole body. Returns none for a body that is no lines.
///
/// As in `chunks`, the last rows are decoded first, so that the bytes of each chunk can be freed.
pub(in crate::bindings) fn decode_board<'py>(
    py: Python<'py>,
    body: &mut Bytes,
    content_type: Option<&str>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if !is_ndjson(content_type) {
        return Ok(None);
    }
    let mut layout = None;
    let mut context = Context::for_length(py, body.len())?;
    let start = body.iter().position(|byte| *byte == b'\n').map_or(body.len(), |end| end + 1);
    decode_lines(py, &mut layout, &body[..start], &mut context)?;
    if layout.is_none() {
        return Err(unreadable("it has no header"));
    }
    let mut text: Vec<u8> = std::mem::take(body).into();
    let mut rows = Vec::new();
    while text.len() > start {
        let guess = text.len().saturating_sub(CHUNK).max(start);
        // The last newline ends the last line, so it is no beginning of a chunk.
        let from = text[start..guess].iter().rposition(|byte| *byte == b'\n');
        let from = from.map_or(start, |newline| start + newline + 1);
        let first = rows.len();
        rows.extend(decode_lines(py, &mut layout, &text[from..], &mut context)?);
        rows[first..].reverse();
        text.truncate(from);
        text.shrink_to_fit();
    }
    rows.reverse();
    Ok(Some(PyList::new(py, rows)?.into_any()))
}

/// Decodes whole lines. The first line of a body is its header.
fn decode_lines<'py>(
    py: Python<'py>,
    layout: &mut Option<Layout>,
    lines: &[u8],
    context: &mut Context<'py>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut rows = Vec::new();
    let mut places = None;
    for line in lines.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        if line.is_empty() {
            continue;
        }
        let Some(layout) = layout else {
            *layout = Some(Layout::of(py, line)?);
            continue;
        };
        let Some(columns) = &mut layout.0 else {
            rows.push(decode_line(py, line, context)?);
            continue;
        };
        let places = places.get_or_insert_with(|| columns.places(py, context));
        let mut builder = Builder::new(py, line, context);
        match builder.row(columns, places) {
            Some(row) => {
                columns.learn(&row)?;
                rows.push(row.into_any());
            }
            None => {
                if let Some(error) = builder.raised {
                    return Err(error);
                }
                let values = decode_line(py, line, context)?;
                rows.push(columns.paired_row(&values)?.into_any());
            }
        }
    }
    Ok(rows)
}

/// The value of a line. What is not plain JSON is left to the standard library.
fn decode_line<'py>(
    py: Python<'py>,
    line: &[u8],
    context: &mut Context<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut builder = Builder::new(py, line, context);
    if let Some(value) = builder.whole() {
        return Ok(value);
    }
    match builder.raised {
        Some(error) => Err(error),
        None => loads(py, line),
    }
}

fn loads<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (PyBytes::new(py, text),))
}

/// Decodes entries of a list, which commas separate.
fn decode_entries<'py>(
    py: Python<'py>,
    text: &[u8],
    count: usize,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let mut rows = Vec::with_capacity(count);
    let mut context = Context::for_length(py, text.len())?;
    let mut builder = Builder::new(py, text, &mut context);
    if builder.entries(count, &mut rows).is_some() && builder.json.finish().is_ok() {
        return Ok(rows);
    }
    if let Some(error) = builder.raised {
        return Err(error);
    }
    let list = [b"[", text, b"]"].concat();
    match loads(py, &list)?.cast_into::<PyList>() {
        Ok(list) => Ok(list.iter().collect()),
        Err(_) => Err(unreadable("it is no list")),
    }
}

/// What a row looks like: lists of values in these columns, or none for dicts.
struct Layout(Option<Compact>);

impl Layout {
    /// The layout that a header describes.
    fn of(py: Python<'_>, header: &[u8]) -> PyResult<Self> {
        let header: serde_json::Value = match serde_json::from_slice(header) {
            Ok(header) => header,
            // The standard library says what is wrong with it.
            Err(_) => return Err(loads(py, header).map_or_else(|e| e, |_| unreadable("header"))),
        };
        let columns = Columns::of(&header).map_err(|error| match error {
            Error::Decode { message } => PyValueError::new_err(message),
            error => PyValueError::new_err(error.to_string()),
        })?;
        let Columns { row: Some(row), task } = columns else { return Ok(Self(None)) };
        let tasks = row.iter().position(|name| name == TASKS);
        let row = Keys::new(py, &row)?;
        Ok(Self(Some(Compact { row, tasks, task: Keys::new(py, &task)? })))
    }
}

/// The columns of compact rows.
pub(super) struct Compact {
    row: Keys,
    /// The column with the tasks.
    tasks: Option<usize>,
    task: Keys,
}

/// The keys of dicts that all have the same keys.
struct Keys {
    names: Vec<Py<PyString>>,
    /// A dict with these keys. Copying it and setting the values that differ is faster than
    /// filling a dict.
    template: Py<PyDict>,
    /// The values of that dict. None if a key is there twice.
    values: Vec<Py<PyAny>>,
    /// Whether the template has the values of a decoded dict.
    is_learned: bool,
}

impl Keys {
    fn new(py: Python<'_>, names: &[String]) -> PyResult<Self> {
        let template = PyDict::new(py);
        let mut keys = Vec::with_capacity(names.len());
        for name in names {
            let key = PyString::intern(py, name);
            template.set_item(&key, py.None())?;
            keys.push(key.unbind());
        }
        let mut new = Self {
            names: keys,
            template: template.unbind(),
            values: Vec::new(),
            is_learned: names.is_empty(),
        };
        new.take_values(py)?;
        Ok(new)
    }

    fn take_values(&mut self, py: Python<'_>) -> PyResult<()> {
        self.values.clear();
        let template = self.template.bind(py);
        if template.len() == self.names.len() {
            for name in &self.names {
                self.values.extend(template.get_item(name)?.map(Bound::unbind));
            }
        }
        Ok(())
    }

    /// Takes a decoded dict as the template: the next one probably has many of its values.
    fn learn(&mut self, dict: &Bound<'_, PyDict>) -> PyResult<()> {
        self.is_learned = true;
        // A script may change the decoded dict.
        self.template = dict.copy()?.unbind();
        self.take_values(dict.py())
    }

    /// Sets a value in a copy of the template.
    fn set<'py>(
        &self,
        dict: &Bound<'py, PyDict>,
        index: usize,
        value: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        if self.values.get(index).is_some_and(|known| known.is(&value)) {
            return Ok(());
        }
        dict.set_item(&self.names[index], value)
    }

    /// The dict of these keys and the values of a list.
    fn paired<'py>(&self, values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let py = values.py();
        let values = values.cast::<PyList>().ok().filter(|list| list.len() == self.names.len());
        let Some(values) = values else {
            return Err(unreadable("a row does not match the columns of its header"));
        };
        let dict = self.template.bind(py).copy()?;
        for (key, value) in self.names.iter().zip(values) {
            dict.set_item(key, value)?;
        }
        Ok(dict)
    }
}

/// The places of the columns in the table of keys: those of the row, then those of a task.
pub(super) type Places = (Vec<usize>, Vec<usize>);

impl Compact {
    /// Takes the values of the first row, and of the first task, for the next ones.
    fn learn(&mut self, row: &Bound<'_, PyDict>) -> PyResult<()> {
        if !self.row.is_learned {
            self.row.learn(row)?;
        }
        let Some(tasks) = self.tasks.filter(|_| !self.task.is_learned) else { return Ok(()) };
        let tasks = row.get_item(&self.row.names[tasks])?;
        let Some(Ok(tasks)) = tasks.map(Bound::cast_into::<PyList>) else { return Ok(()) };
        match tasks.iter().next().map(Bound::cast_into::<PyDict>) {
            Some(Ok(task)) => self.task.learn(&task),
            _ => Ok(()),
        }
    }

    fn places(&self, py: Python<'_>, context: &mut Context<'_>) -> Places {
        let keys = context.keys.keys();
        let outside = keys.outside();
        let mut below = |names: &Keys| {
            let place = |key: &Py<PyString>| {
                let text = key.bind(py).to_cow().unwrap_or_default().into_owned();
                let (_, at) = keys.get(py, &text, outside);
                keys.below(at)
            };
            names.names.iter().map(place).collect()
        };
        (below(&self.row), below(&self.task))
    }

    /// The dict of a row that the standard library has decoded.
    fn paired_row<'py>(&self, values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let py = values.py();
        let row = self.row.paired(values)?;
        let Some(tasks) = self.tasks else { return Ok(row) };
        let key = &self.row.names[tasks];
        if let Some(Ok(tasks)) = row.get_item(key)?.map(Bound::cast_into::<PyList>) {
            let tasks = tasks.iter().map(|task| self.task.paired(&task));
            row.set_item(key, PyList::new(py, tasks.collect::<PyResult<Vec<_>>>()?)?)?;
        }
        Ok(row)
    }
}

impl<'py> Builder<'_, '_, 'py> {
    /// Decodes one row. Returns none if it does not match the columns.
    fn row(&mut self, columns: &Compact, places: &Places) -> Option<Bound<'py, PyDict>> {
        let peek = self.json.peek().ok()?;
        if peek != jiter::Peek::Array {
            return None;
        }
        let row = columns.row.template.bind(self.py).copy().ok()?;
        let mut next = self.json.known_array().ok()?;
        for (index, place) in places.0.iter().enumerate() {
            let peek = next?;
            let value = if columns.tasks == Some(index) && peek == jiter::Peek::Array {
                self.tasks(columns, &places.1)?.into_any()
            } else {
                self.value(peek, 1, *place)?
            };
            columns.row.set(&row, index, value).ok()?;
            next = self.json.array_step().ok()?;
        }
        if next.is_some() {
            return None;
        }
        self.json.finish().ok()?;
        Some(row)
    }

    /// Decodes the tasks of a row.
    fn tasks(&mut self, columns: &Compact, places: &[usize]) -> Option<Bound<'py, PyList>> {
        let tasks = PyList::empty(self.py);
        let template = columns.task.template.bind(self.py).clone();
        let mut task = self.json.known_array().ok()?;
        while let Some(peek) = task {
            if peek != jiter::Peek::Array {
                return None;
            }
            let dict = template.copy().ok()?;
            let mut next = self.json.known_array().ok()?;
            for (index, place) in places.iter().enumerate() {
                let value = self.value(next?, 3, *place)?;
                columns.task.set(&dict, index, value).ok()?;
                next = self.json.array_step().ok()?;
            }
            if next.is_some() {
                return None;
            }
            tasks.append(dict).ok()?;
            task = self.json.array_step().ok()?;
        }
        Some(tasks)
    }
}

/// Finds the ends of a list's entries in a text that arrives in pieces.
#[derive(Default)]
struct Scanner {
    /// How far the pending bytes have been scanned.
    scanned: usize,
    /// Where the first pending entry begins.
    start: usize,
    /// How many lists and objects are open, with the list itself.
    depth: usize,
    text: InText,
    /// Whether an entry has ended, so that the list cannot be empty.
    has_entries: bool,
    is_closed: bool,
}

/// Whether the scanned byte is part of a string.
#[derive(Default)]
enum InText {
    #[default]
    No,
    Yes,
    /// It follows a backslash.
    Escaped,
}

/// What a scan has found.
enum Scan {
    /// The text is no list.
    NoList,
    /// No further entry is complete.
    Nothing,
    /// These bytes are entries. A comma or a bracket follows.
    Entries { start: usize, end: usize, count: usize },
}

impl Scanner {
    const fn has_begun(&self) -> bool {
        self.depth > 0 || self.is_closed
    }

    /// Scans the pending bytes. The caller removes the entries and the character behind them.
    fn scan(&mut self, text: &[u8]) -> Scan {
        let mut found = None;
        let mut count = 0;
        for (index, byte) in (self.scanned..).zip(&text[self.scanned..]) {
            if self.is_closed {
                break;
            }
            let next = match (&self.text, byte) {
                (InText::No, _) => None,
                (InText::Yes, b'\\') => Some(InText::Escaped),
                (InText::Yes, b'"') => Some(InText::No),
                _ => Some(InText::Yes),
            };
            if let Some(next) = next {
                self.text = next;
                continue;
            }
            match (byte, self.depth) {
                (b' ' | b'\t' | b'\r' | b'\n', 0) => {}
                (b'[', 0) => {
                    self.depth = 1;
                    self.start = index + 1;
                }
                (_, 0) => return Scan::NoList,
                (b'"', _) => self.text = InText::Yes,
                (b'[' | b'{', _) => self.depth += 1,
                (b',' | b']', 1) => {
                    self.is_closed = *byte == b']';
                    let begin = found.map_or(self.start, |end| end + 1);
                    let is_blank = skip_blanks(&text[begin..index]).is_empty();
                    let is_empty = is_blank && self.is_closed && !self.has_entries;
                    self.has_entries = true;
                    found = Some(index);
                    count += usize::from(!is_empty);
                }
                (b']' | b'}', 2..) => self.depth -= 1,
                _ => {}
            }
        }
        let Some(end) = found else {
            self.scanned = text.len();
            return Scan::Nothing;
        };
        self.scanned = text.len() - end - 1;
        let start = std::mem::take(&mut self.start);
        Scan::Entries { start, end, count }
    }
}
