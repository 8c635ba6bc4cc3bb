"""The words for what a reader finds wrong in a pack: the reader's sentence, and what an officer reads at the desk.

A test holds every sentence to it.
"""

from django.utils.translation import gettext_lazy as _

from .wording import Words

_MISSING = _("This is missing.")
_WHOLE = _("Give a whole number.")
_NOT_LISTED = _("Nothing is called “%(name)s” there.")
_UNKNOWN_POSITIONS = _("No position that is certified today: %(name)s.")

# What the reader says of a fault -> the words, filled from the named groups. The first that fits is shown.
FAULTS: tuple[tuple[str, Words], ...] = (
    # the file as such
    (r"the file is empty", _("The file is empty.")),
    (r"the file says nothing.*", _("The file says nothing: all of it is comments.")),
    (r"the file is nested too deep", _("The file is nested too deep.")),
    (r"the file is longer than (?P<n>\d+) MB", _("The file is longer than %(n)s MB.")),
    (
        r"the file is UTF-16.*",
        _("The file is UTF-16. Save it as UTF-8 (in Notepad and WPS: Save as, encoding UTF-8)."),
    ),
    (
        r"the file looks like GB18030.*",
        _("The file looks like GB18030 (GBK, ANSI). Save it as UTF-8 (in Notepad and WPS: Save as, encoding UTF-8)."),
    ),
    (
        r"the file is no text in UTF-8.*",
        _("The file is not a text in UTF-8. Save it as UTF-8 (in Notepad and WPS: Save as, encoding UTF-8)."),
    ),
    (
        r"given twice: the first stands on line (?P<n>\d+)",
        _("Given twice: it stands on line %(n)s already."),
    ),
    (
        r"holds a character that cannot be seen \(U\+(?P<code>[0-9A-F]+)\)",
        _("A character stands in it that nobody sees (U+%(code)s); remove it."),
    ),
    (r"is no number that can be kept|is a number too large to be kept", _("This is no number that can be kept.")),
    (r"there is no such day in the calendar", _("The calendar has no such day.")),
    (r"lies outside the years (?P<a>\d+) to (?P<z>\d+)", _("A day from the years %(a)s to %(z)s.")),
    # keys, types, bounds
    (r"Field required|is missing: format.*", _MISSING),
    (r"String should have at least 1 character", _MISSING),
    (r"(Tuple|List|Value) should have at least (?P<n>\d+) items?.*", _("At least %(n)s must be given.")),
    (r"Input should be a valid integer.*", _WHOLE),
    (r"Input should be a valid (number|decimal).*", _("Give a number.")),
    (r"Input should be a valid boolean.*", _("Say yes or no.")),
    (r"Input should be a valid date.*", _("Give a day as year-month-day.")),
    (r"Input should be a valid (string|text).*", _("Give a text.")),
    (r"Input should be a valid (tuple|list|dictionary).*", _("This is not what belongs here.")),
    (r"Input should be greater than or equal to (?P<n>.*)", _("Not less than %(n)s.")),
    (r"Input should be greater than (?P<n>.*)", _("More than %(n)s.")),
    (r"Input should be less than or equal to (?P<n>.*)", _("Not more than %(n)s.")),
    (r"Input should be less than (?P<n>.*)", _("Less than %(n)s.")),
    (r"Input should be .*|Input tag .*", _("Choose one of what is offered.")),
    (r"Unable to extract tag.*", _MISSING),
    (
        r"String should match pattern .*",
        _("This is not written as it must be."),
    ),
    (r"String should have at most (?P<n>\d+) characters", _("At most %(n)s characters.")),
    (
        r"is not permitted here: no such key; did you mean (?P<name>.*)\?",
        _("A pack knows no such value; perhaps “%(name)s” is meant."),
    ),
    (r"is not permitted here: no such key", _("A pack knows no such value; remove it.")),
    (r"is that of old packs.*", _("The format is that of old packs; write the file in the present one.")),
    (r"must be a whole or half number", _("Give a whole or half number.")),
    # sources
    (r"names no source.*", _("Say which clause of a document it rests on, or that it is this platform's own setting.")),
    (r"names an unknown source: (?P<name>.*)", _("No document of this version is called “%(name)s”.")),
    (r"names a document that is not listed: (?P<name>.*)", _("No document of this version is called “%(name)s”.")),
    (r"beside value stand unknown keys: (?P<name>.*)", _("Beside the value stands what nobody knows: %(name)s.")),
    (r"source and notes are texts.*", _("Source and notes are texts.")),
    # what is there twice, or not there
    (
        r"legacy_names named twice: (?P<name>.*) is also an earlier name of (?P<other>.*)",
        _("“%(name)s” is also an earlier name of %(other)s."),
    ),
    (r"\w[\w ]* named twice: (?P<name>.*)", _("Given twice: %(name)s.")),
    (
        r"names what is not listed: (?P<name>.*); did you mean (?P<near>.*)\?",
        _("Nothing is called “%(name)s” there; perhaps “%(near)s” is meant."),
    ),
    (r"names what is not listed: (?P<name>.*)", _NOT_LISTED),
    (r"counts in a circle: (?P<name>.*)", _("The educations count in a circle: %(name)s.")),
    (
        r"counts as (?P<name>.*), which counts as none",
        _("It counts as “%(name)s”, which itself counts as none."),
    ),
    (
        r"counts as (?P<name>.*), which counts as .*: name (?P<level>.*) itself",
        _("It counts as “%(name)s”, which is no level itself: choose “%(level)s”."),
    ),
    (r"overlaps with the row (?P<name>.*): both.*", _("The row “%(name)s” of the matrix is for the same.")),
    (r"names no hours for: (?P<name>.*)", _("Positions that are certified today have no hours: %(name)s.")),
    (r"is no position that is certified: (?P<name>.*)", _UNKNOWN_POSITIONS),
    (r"names unknown positions or groups: (?P<name>.*)", _("No position or group is called “%(name)s”.")),
    (
        r"no class of \[retirement\] has this age",
        _("The legal retirement age needs the reform's classes for men and women of these ages."),
    ),
    # what does not add up
    (
        r"the learners' and the authority's share do not add up to 100",
        _("The trainees' and the authority's share do not add up to 100."),
    ),
    (
        r"the weights of the (items|blocks) add up to (?P<total>.*), not to 100",
        _("The weights add up to %(total)s, not to 100."),
    ),
    (r"the cuts must fall, in stars and in points", _("The cut points must fall, in stars and in points.")),
    (r"the last cut must begin at 0.*", _("The last cut point is 0, so that every total has its stars.")),
    (r"a case has parts, and nothing else has", _("A case has questions, and nothing else has.")),
    (r"the parts of a case do not add up to its points", _("The questions of a case do not add up to its points.")),
    (
        r"the sections are worth (?P<total>[\d.]+), the full mark is (?P<mark>\d+)",
        _("The sections are worth %(total)s points, the full mark is %(mark)s."),
    ),
    (r"the pass mark lies above the full mark", _("The pass mark lies above the full mark.")),
    (
        r"a template needs \{seq6\}.*",
        _("The pattern needs {seq6}; it may have {yy}, {yyyy}, {position}, {inst4} and {check}."),
    ),
    (
        r"the hours of the two steps do not add up to the total",
        _("The hours at the employer and online do not add up to the total."),
    ),
    (r"nothing is kept for no time.*", _("Give years or days: nothing is kept for no time.")),
    (r"until_age lies below age", _("The age rises; it cannot end below where it begins.")),
    (r"the hours on the position are more than those of the year", _("More hours on the position than in the year.")),
    (r"the hours of the years do not reach the total", _("The hours of the years do not reach the total.")),
    (
        r"half the points of a multiple choice need whole points to begin with",
        _("Half the points of a multiple choice need whole points to begin with."),
    ),
    (
        r"numbers of one's own need a template.*",
        _("Numbers of one's own need a pattern, and numbers from outside have none."),
    ),
    (
        r"the strategy \S+ needs an age for men and one for women",
        _("Give an age for men and one for women."),
    ),
    (
        r"what is required for enrolment is owed from enrolment on",
        _("What is needed for enrolment is owed from then on."),
    ),
    (r"effective_to lies before effective_from", _("The last day lies before the first.")),
    # beside other packs
    (
        r"(?P<name>.*) is the pack of another province.*",
        _("“%(name)s” is the identifier of another province's pack; give this one its own."),
    ),
    (
        r"(?P<name>.*) begins on the same day:.*",
        _("%(name)s begins on the same day; which of them is in force would not be said."),
    ),
    (
        r"overlaps with (?P<name>.*), which says.*",
        _("%(name)s says that it is in force at that time."),
    ),
    # the writing, as the parser says it
    (
        r"(?P<what>(?:Cannot|Closing|Declared|Expected|Found|Illegal|Invalid|Unclosed|Unescaped|Unterminated) .*)",
        _("This is not written as a TOML file is (%(what)s)."),
    ),
)
