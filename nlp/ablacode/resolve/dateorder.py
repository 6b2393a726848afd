"""Day before month or month before day: what the note's other dates, its weekdays, the course of a stay and its English say of a slash date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ..patterns import quick
from .dateforms import Partial, Written

Dated = tuple[str, Written]
"""A date with its part in the note: ``service``, ``plain``, ``visit``, ``admitted``, ``left``, ``noted``, ``sent``, ``head``, ..."""

_NEAR, _FAR = 14, 28
"""Days: one order puts the note's own dates within a fortnight, the other tears them apart by weeks."""
_LEAST = 2
_WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_WEEKDAY = r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur|urs)?(?:day)?\b"
_DAY_BEFORE = re.compile(_WEEKDAY + r"\W{0,4}(?:the\s)?$", re.I)
_DAY_AFTER = re.compile(r"\W{0,4}" + _WEEKDAY, re.I)
_ASKED = re.compile(
    r"\b(?:on|until|till|dated|ct|mri?|pet|scan|us|clinic|check|labs?|d|t|dd|dt|adm\w*|disch\w*|date|by|seen|visit|oncology|surgery|appt|placement|next|of|or)\W{0,3}$",
    re.I,
)
_US = (
    r"\bM\.?D\b|, D\.?O\b|\bPGY|\bCRNA\b|\bPA C\b|\bFACS\b|\bNP\b|\bRN\b|\bR\.N\.|\bAPRN\b|\bHgb\b|\bWBC\b|\bNPI\b|\bCPT\b|\bPACU\b|\b[SM]ICU\b|"
    r"\bGETA\b|\bLR\b(?! ?\d| ?M)|\bNPO\b|\bEBL\b|\bMAC\b|\bE[Tt]OH\b|\bER\b|\bOR\b|\bDOS\b|\bUA\b|\bSCDs?\b|\bCXR\b|\b[Pp]RBCs?\b|\b(?:19|20)\d\d, [A-Z]{2} \d{5}\b|, [A-Z]{2} \d{5}\b|"
    r"\bBID\b|\bTID\b|\bVA\b|\bPMHx?\b|\bAnes\b|\bHCP\b|\bPCP\b|\bHPI\b|\bTIPS\b|\bplts?\b"
)
_US_WORDS = (
    r"\battending\b|\boperating room\b|\bphysician assistant\b|\bmedicare\b|\bmedicaid\b|\btylenol\b|\bacetaminophen\b|\bfahrenheit\b|\blbs?\b|\bhospitalist\b|"
    r"\bfamily practice\b|\bversed\b|\bdilaudid\b|\bancef\b|\bzofran\b|\blovenox\b|\bpercocet\b|\bnorco\b|\btoradol\b|\bcoumadin\b|\bdecadron\b|\bbovie\b|"
    r"\bin the usual sterile fashion\b|\bresident\b|\by\.?o\b|\bpreop(?:erative)?\b|\bpostop(?:erative)?\b|\btumor board\b|\bdispo(?:sition)?\b|\bacct\b|\bmodifier\b|\bccs?\b|"
    r"\banes\b|\bstatus post\b|\bgurney\b|\bprepped\b|\bsponge\b|\bpacked cells\b|\bveterans\b|\bcounty\b|\bservice date\b|\bdate of service\b|\bfoley\b|"
    r"\bbx\b|\bhepatoma\b|\btemp (?:of )?(?:9[6-9]|10[0-4])\.\d|\b10[0-4]\.\d ?F\b|\bfellow\b|\bdictated but not read\b|\bthru\b|\btumor conference\b|\bdownstairs\b|\bcreatinine 1|\boffice\b|"
    r"\bendotracheal\b|\bhydromorphone\b|\bcentimeters?\b|\bphysician\b|\bmid ?axillary\b|\bpercent\b|\bstick\b|\bo'?clock\b|\bsterile\b|\bsutures?\b"
)
_ABROAD = (
    r"\btheatres?\b|\banaes\w*|\bregistrar\b|\bspr\b|\bsho\b|\bfy ?[12]\b|\bconsultant\b|\bcons\b|\bward\b|\bbleep\b|\buss\b|\bhdu\b|\bdiathermy\b|\binfirmary\b|"
    r"\bmd[tm]\b|\bparacetamol\b|\bbloods\b|\babdo\b|\bsats\b|\btci\b|\bttos?\b|\bopd\b|\bgp\b|\bnhs\b|\bhse\b|\bfrc\w+|\bffr\w+|\b(?:tds|qds|bd)\b|"
    r"\bmls\b|\bwcc\b|\boutwith\b|\bwhilst\b|\bhartmann'?s\b|\bcolour|\b\w*haem\w*|\boedema|\boesoph\w*|\b\w*anaem\w*|\bischaem\w*|\bpaed\w*|\bdiarrhoea|\bfortnight|\bburnt\b|"
    r"\bphysio\b|\b(?:surgeon|operator|consultant|surg|op):? (?:mr|miss)\b|\bhosp(?:ital)? no\b|\b\d{1,2}/52\b|\b(?:for|every|in|stable) (?:[1-9]|1[0-8])/12\b|"
    r"\bvenflon|\btyped\b|\bkind regards\b|\bdear dr\b|\bur no|\bur \d|\bip no\b|\buhid\b|\busg\b|\bscrub nurse\b|\brecovery ward\b|\brmo\b|"
    r"\bparts painted|\binj\.? \w|\bherrn?\b|\bfrau\b|\boä\b|\boa dr\b|\bprof\. dr\b|\bdr\. ?med\b|\bdott\b|\bnarcosis\b|\bdra\. |\bmme\b|\d,\d ?(?:cm|mm|mg|mv|°|g|ml|l)\b|[äöüßøåčñãõ]|"
    r"\b(?:cathet?er|util|visual|stabil|organ|minim|general|hospital|random|normal|devascular|coagul|steril|optim|prior|summar|mobil|local|immobil)is(?:ed|ing|ation)\b|"
    r"\bpractised\b|\blignocaine\b"
)
_US_CASED = re.compile(_US)
_US_ANY = quick(_US_WORDS)
_ABROAD_ANY = quick(_ABROAD)
_CANADA = re.compile(
    r"\bFRCS?P?C\b|\bFRCSC\b|\bOHIP\b|\bMSP\b|\bOntario\b|\bAlberta\b|\bManitoba\b|\bSaskatchewan\b|\bBritish Columbia\b"
)


def order_of(dated: Sequence[Dated], pairs: Sequence[str], texts: Sequence[str]) -> str | None:
    """``mdy`` or ``dmy``, or None where the note does not tell. ``pairs``: orders that days without a year prove; ``texts``: all its sentences."""
    votes = list(_proofs(dated))
    if len(set(votes)) == 1:
        return votes[0]
    if votes:
        return None
    points = {"mdy": 0, "dmy": 0}
    for order, weight in (*_course(dated), *_english(texts), *((order, 2) for order in pairs[:3])):
        points[order] += weight
    best, other = sorted(points, key=lambda order: -points[order])
    if points[best] - points[other] >= _LEAST and points[best] >= 3 * points[other]:
        return best
    return None


def weekday_order(text: str, entry: Written) -> str | None:
    """The order under which the date falls on the weekday named beside it."""
    match = _DAY_BEFORE.search(text, max(0, entry.start - 16), entry.start) or _DAY_AFTER.match(text, entry.end)
    if not match:
        return None
    number = _WEEKDAYS.index(match.group(1)[:2].lower())
    fits = [order for order in ("mdy", "dmy") if (day := entry.read(order)) and day.weekday() == number]
    return fits[0] if len(fits) == 1 else None


def pair_order(text: str, pair: Partial) -> str | None:
    """The order that a day of this year proves (``CT on 9/24``), where words say that it is a day."""
    if (pair.mdy is None) == (pair.dmy is None) or not _ASKED.search(text, max(0, pair.start - 12), pair.start):
        return None
    return "mdy" if pair.mdy else "dmy"


def _proofs(dated: Iterable[Dated]) -> Iterator[str]:
    for _, entry in dated:
        if entry.form != "clear" and not entry.bare and (entry.mdy is None) != (entry.dmy is None):
            yield "mdy" if entry.mdy else "dmy"


def _course(dated: Sequence[Dated]) -> Iterator[tuple[str, int]]:
    """A note's own dates lie close together, and in the order of a stay: admission, procedure, discharge or dictation."""
    own = [
        (role, entry)
        for role, entry in dated
        if role in ("service", "plain", "visit", "head", "admitted", "left", "noted", "sent")
    ]
    if len(own) < 2 or not any(entry.open for _, entry in own):
        return
    spans, broken = {}, {}
    for order in ("mdy", "dmy"):
        days = [(role, day) for role, entry in own if (day := entry.read(order))]
        spans[order] = (max(day for _, day in days) - min(day for _, day in days)).days
        broken[order] = _broken(days)
    for order, other in (("mdy", "dmy"), ("dmy", "mdy")):
        if (broken[other] and not broken[order]) or (
            spans[order] <= _NEAR and spans[other] >= _FAR and not broken[order]
        ):
            yield order, 4


def _broken(days: Sequence[tuple[str, date]]) -> bool:
    first = {role: min(day for other, day in days if other == role) for role, _ in days}
    steps = (
        ("admitted", "service"),
        ("admitted", "left"),
        ("service", "left"),
        ("service", "noted"),
        ("noted", "sent"),
    )
    return any(a in first and b in first and first[a] > first[b] for a, b in steps)


def _english(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    whole = "\n".join(texts)[:60000]
    if _CANADA.search(whole):
        return
    yield "mdy", len({word.lower() for word in (*_US_CASED.findall(whole), *_US_ANY.findall(whole))})
    yield "dmy", 2 * len({word.lower() for word in _ABROAD_ANY.findall(whole)})
