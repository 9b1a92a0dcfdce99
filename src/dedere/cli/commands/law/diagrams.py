"""One page a proceeding, made from the procedure's own data: the state diagram, who owes what, and every step."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dedere.casework.judge import GUARDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.casework.transitions import Choice, MeasureStep, Procedure, ProceedingForm, StateForm, Transition

_MADE = "<!-- Made by `dedere law docs`; change the data or the code, not this file. -->\n"
# How many steps stand on one arrow before they share it by number.
_ON_ARROW = 3


def proceeding_pages(procedure: Procedure) -> dict[str, str]:
    """Every page by its file name, and one that lists them."""
    forms = sorted(procedure.proceedings.values(), key=lambda form: form.title)
    pages = {f"proceeding-{form.kind.value}.md": _page(form, procedure) for form in forms}
    lines = [_MADE, "# Proceedings\n"]
    lines.append(
        "A case consists of proceedings; each is data (`src/dedere/casework/data/`), folded by both sides in the same "
        "way. Every page shows the states with the steps between them, who owes what in which state, and for every "
        "step who takes it, what it needs, and the provision it rests on.\n"
    )
    lines += [
        f"- [{form.title}](proceeding-{form.kind.value}.md): {len(form.states)} states, {len(form.steps)} steps"
        for form in forms
    ]
    return {"proceedings.md": "\n".join(lines) + "\n", **pages}


def _page(form: ProceedingForm, procedure: Procedure) -> str:
    lines = [_MADE, f"# {form.title}\n", f"Sides: {', '.join(form.sides)}.\n"]
    arrows = [*_arrows(form), *_moved(form, procedure)]
    lines += ["```mermaid", *_diagram(form.states, arrows, opened=_opened(form, procedure)), "```\n"]
    if form.measure_states:
        lines.append("Each measure goes its own way:\n")
        own = [(source, step.target, step.id) for step in form.measure_steps for source in step.sources]
        first = [(next(iter(form.measure_states)), "asked for")]
        lines += ["```mermaid", *_diagram(form.measure_states, own, opened=first), "```\n"]
    lines += ["## Who owes what\n", "| State | Owed by | What |\n| --- | --- | --- |"]
    lines += [f"| {state.title} | {state.owes or 'nobody'} | {state.next} |" for state in form.states.values()]
    lines += [
        "\n## Steps\n",
        "| Step | Act | By | From | To | Needs | Provision |\n| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(step, form, procedure) for step in form.steps]
    if form.measure_steps:
        lines += ["\n## Steps of a measure\n", "| Step | Act | From | To |\n| --- | --- | --- | --- |"]
        lines += [_measure_row(step, form, procedure) for step in form.measure_steps]
    needed = dict.fromkeys(name for step in form.steps for name in step.needs)
    lines.append("\n## What acts need\n")
    lines += [f"- `{name}`: {(GUARDS[name].__doc__ or '').strip()}" for name in sorted(needed)]
    return "\n".join(lines) + "\n"


def _arrows(form: ProceedingForm) -> Iterator[tuple[str, str, str]]:
    """From, to and the step, of everything that leads from one state to another."""
    for step in form.steps:
        for target in (step.target, *(then.target for then in step.then)):
            if target and not step.opens:
                yield from ((source, target, step.id) for source in step.sources)
    for rule in form.settlements:
        yield from ((source, rule.target, "every measure answered") for source in rule.sources)


def _moved(form: ProceedingForm, procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """The same, of what steps of linked proceedings do to this one."""
    for other in procedure.proceedings.values():
        for step in other.steps:
            for move in step.moves:
                if move.kind is form.kind:
                    yield from ((source, move.target, step.id) for source in move.sources)


def _opened(form: ProceedingForm, procedure: Procedure) -> list[tuple[str, str]]:
    own = [(step.target, step.id) for step in form.steps if step.opens]
    steps = [step for other in procedure.proceedings.values() for step in other.steps]
    started = [step.id for step in steps if step.starts and step.starts.kind is form.kind]
    return own + [(next(iter(form.states)), name) for name in started]


def _diagram(
    states: Mapping[str, StateForm], arrows: Iterable[tuple[str, str, str]], *, opened: Iterable[tuple[str, str]]
) -> Iterator[str]:
    yield "stateDiagram-v2"
    for name, state in states.items():
        yield f'    state "{state.title}" as {_id(name)}'
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for target, label in opened:
        together["[*]", _id(target)].append(label)
    for source, target, label in arrows:
        together[_id(source), _id(target)].append(label)
    for (source, target), labels in together.items():
        distinct = list(dict.fromkeys(labels))
        shown = ", ".join(distinct[:_ON_ARROW]) + (
            f" and {len(distinct) - _ON_ARROW} more" if distinct[_ON_ARROW:] else ""
        )
        yield f"    {source} --> {target} : {shown}"
    yield from (f"    {_id(name)} --> [*]" for name, state in states.items() if state.final)


def _id(name: str) -> str:
    return name.replace("-", "_")


def _row(step: Transition, form: ProceedingForm, procedure: Procedure) -> str:
    act = procedure.acts[step.act].title
    sources = "opens" if step.opens else _states(step.sources, form)
    target = form.states[step.target].title if step.target else "stays"
    target += "".join(f", or {form.states[then.target].title} when {then.test}" for then in step.then)
    if step.starts:
        target += f"; opens {procedure.proceedings[step.starts.kind].title}"
    prepared = f"{step.by} ({', '.join(role.value for role in step.prepare)})"
    needs = ", ".join(f"`{name}`" for name in step.needs)
    cells = [f"`{step.id}`{_chosen(step.choice)}", act, prepared, sources, target, needs, f"`{step.provision}`"]
    return f"| {' | '.join(cells)} |"


def _measure_row(step: MeasureStep, form: ProceedingForm, procedure: Procedure) -> str:
    sources = ", ".join(form.measure_states[name].title for name in step.sources)
    target = form.measure_states[step.target].title
    return f"| `{step.id}`{_chosen(step.choice)} | {procedure.acts[step.act].title} | {sources} | {target} |"


def _states(names: tuple[str, ...], form: ProceedingForm) -> str:
    if set(names) == set(form.states):
        return "any state"
    if set(names) == {name for name, state in form.states.items() if not state.final}:
        return "any open state"
    return ", ".join(form.states[name].title for name in names)


def _chosen(choice: Choice) -> str:
    """By what in the body the step is meant rather than another for the same act."""
    said = [f"{name} is {value}" for name, value in choice.when]
    said += [f"with {choice.having}"] if choice.having else []
    said += [f"without {choice.lacking}"] if choice.lacking else []
    return f" ({'; '.join(said)})" if said else ""
