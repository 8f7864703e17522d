"""From a short description to the JSON of an Odoo spreadsheet dashboard (format 18.5.10)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from .meanings import meanings

VERSION = "18.5.10"
LOCALE = {
    "name": "English (US)",
    "code": "en_US",
    "thousandsSeparator": ",",
    "decimalSeparator": ".",
    "dateFormat": "mm/dd/yyyy",
    "timeFormat": "hh:mm:ss",
    "formulaArgSeparator": ",",
    "weekStart": 7,
}
#: label and model of the filters that a source can be filtered by
FILTERS = {
    "period": ("Period", None),
    "warehouse": ("Warehouse", "stock.warehouse"),
    "region": ("Country", "res.country"),
    "category": ("Product Category", "product.category"),
    "carrier": ("Carrier", "delivery.carrier"),
    "vendor": ("Vendor", "res.partner"),
}
CARD_WIDTH, CARD_HEIGHT, GAP = 206, 104, 12
CHART_WIDTH, CHART_HEIGHT = 533, 290
CARDS_IN_ROW = 5
BLUE, WARM = "#EFF6FF", "#FFF7ED"


@dataclass(frozen=True)
class Source:
    """A model with how each filter reaches it: ``{filter: field chain}``; the period as ``(field, type)``."""

    model: str
    filters: dict
    domain: tuple = ()


@dataclass(frozen=True)
class Card:
    """A figure: a measure, or one over another; ``better`` is up or down; ``share`` shows it as a percentage."""

    title: str
    source: Source
    measure: str
    over: str = ""
    better: str = "up"
    share: bool = False
    domain: tuple = ()
    digits: int = 0


@dataclass(frozen=True)
class Chart:
    """A chart of Odoo: ``kind`` bar, line, pie; ``groups`` such as ``date:month``."""

    title: str
    kind: str
    source: Source
    measure: str
    groups: tuple
    domain: tuple = ()
    stacked: bool = False


@dataclass(frozen=True)
class Table:
    """The first rows of a list."""

    title: str
    source: Source
    columns: tuple
    order: str
    rows: int = 10
    domain: tuple = ()


@dataclass(frozen=True)
class Dashboard:
    code: str
    filters: tuple
    cards: tuple
    charts: tuple
    tables: tuple = ()


def _key(*parts) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "scm:" + ":".join(parts)))


def build(dashboard: Dashboard) -> dict:
    """The JSON of a dashboard; the same description gives the same JSON."""
    maker = _Maker(dashboard)
    return maker.build()


class _Maker:
    def __init__(self, dashboard):
        self.dashboard = dashboard
        self.filters = {name: _key(dashboard.code, "filter", name) for name in dashboard.filters}
        self.pivots, self.lists, self.data = {}, {}, {"A1": "Figure", "B1": "Now", "C1": "Before"}
        self.cells, self.styles, self.figures = {}, {}, []

    def build(self):
        bottom = self._charts(self._cards())
        self._tables(bottom)
        return {
            "version": VERSION,
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "odooVersion": 12,
            "settings": {"locale": LOCALE},
            "styles": {
                "1": {"bold": True, "fontSize": 14, "textColor": "#01666b"},
                "2": {"bold": True, "fontSize": 11, "textColor": "#434343"},
                "3": {"textColor": "#434343"},
            },
            "formats": {"1": "0.0%", "2": "#,##0", "3": "#,##0.0"},
            "borders": {},
            "customTableStyles": {},
            "pivots": self.pivots,
            "pivotNextId": len(self.pivots) + 1,
            "lists": self.lists,
            "listNextId": len(self.lists) + 1,
            "globalFilters": [self._filter(name) for name in self.dashboard.filters],
            "chartOdooMenusReferences": {},
            "sheets": [self._front(), self._back(), self._definitions()],
        }

    def _filter(self, name):
        label, model = FILTERS[name]
        if not model:
            return {"id": self.filters[name], "type": "date", "label": label, "defaultValue": "last_90_days"}
        return {"id": self.filters[name], "type": "relation", "label": label, "modelName": model}

    def _front(self):
        return {
            "id": "sheet1",
            "name": "Dashboard",
            "colNumber": 7,
            "rowNumber": 90,
            "cols": {str(column): {"size": 210 if column == 0 else 150} for column in range(7)},
            "cells": self.cells,
            "styles": self.styles,
            "figures": self.figures,
            "areGridLinesVisible": False,
            "isVisible": True,
        }

    def _back(self):
        return {
            "id": "data",
            "name": "Data",
            "colNumber": 4,
            "rowNumber": len(self.dashboard.cards) + 2,
            "cells": self.data,
            "formats": self._formats(),
            "figures": [],
            "isVisible": False,
        }

    def _definitions(self):
        """Unit and meaning of all that is shown: comes along when the dashboard is taken to Excel."""
        rows = [("Figure", "Unit", "Definition"), *meanings(self.dashboard)]
        cells = {
            f"{column}{number}": f'=_t("{text}")'
            for number, row in enumerate(rows, start=1)
            for column, text in zip("ABC", row, strict=True)
            if text
        }
        return {
            "id": "definitions",
            "name": "Definitions",
            "colNumber": 3,
            "rowNumber": len(rows) + 1,
            "cols": {"0": {"size": 240}, "1": {"size": 180}, "2": {"size": 760}},
            "cells": cells,
            "styles": {f"{column}1": 2 for column in "ABC"},
            "figures": [],
            "isVisible": True,
        }

    def _formats(self):
        return {
            f"B{row}:C{row}": 1 if card.share else 3 if card.digits else 2
            for row, card in enumerate(self.dashboard.cards, start=2)
        }

    # Figures

    def _cards(self):
        for index, card in enumerate(self.dashboard.cards):
            row, (line, column) = index + 2, divmod(index, CARDS_IN_ROW)
            self.data[f"A{row}"] = f'=_t("{card.title}")'
            self.data[f"B{row}"] = f"={self._formula(card, 0)}"
            before = self._formula(card, -1) if card.source.filters.get("period") else ""
            # without anything before there is nothing to compare with
            self.data[f"C{row}"] = f'=IF({before}=0,"",{before})' if before else ""
            colours = ("#00A04A", "#DC6965") if card.better == "up" else ("#DC6965", "#00A04A")
            key = _key(self.dashboard.code, "card", card.title)
            x, y = column * (CARD_WIDTH + GAP), GAP + line * (CARD_HEIGHT + GAP)
            self._figure(
                key,
                (x, y, CARD_WIDTH, CARD_HEIGHT),
                {
                    "type": "scorecard",
                    "title": {"text": card.title, "bold": True, "color": "#434343"},
                    "background": WARM if line % 2 else BLUE,
                    "keyValue": f"Data!B{row}",
                    "baseline": f"Data!C{row}",
                    "baselineMode": "percentage",
                    "baselineDescr": {"text": "since last period"},
                    "baselineColorUp": colours[0],
                    "baselineColorDown": colours[1],
                    "humanize": not card.share,
                },
            )
        lines = -(-len(self.dashboard.cards) // CARDS_IN_ROW)
        return GAP + lines * (CARD_HEIGHT + GAP)

    def _formula(self, card, offset):
        number = self._pivot(card, offset)
        value = f'PIVOT.VALUE({number},"{card.measure}")'
        if card.over:
            value = f'{value}/PIVOT.VALUE({number},"{card.over}")'
        return f"IFERROR({value},0)"

    def _pivot(self, card, offset):
        number = str(len(self.pivots) + 1)
        self.pivots[number] = {
            "type": "ODOO",
            "id": number,
            "formulaId": number,
            "name": card.title,
            "model": card.source.model,
            "domain": _domain(card.source.domain + card.domain),
            "context": {},
            "measures": [_measure(name) for name in (card.measure, card.over) if name],
            "rows": [],
            "columns": [],
            "fieldMatching": self._matching(card.source, offset),
        }
        return number

    def _charts(self, top):
        for index, chart in enumerate(self.dashboard.charts):
            line, column = divmod(index, 2)
            key = _key(self.dashboard.code, "chart", chart.title)
            box = (column * (CHART_WIDTH + GAP), top + line * (CHART_HEIGHT + GAP), CHART_WIDTH, CHART_HEIGHT)
            groups = list(chart.groups)
            self._figure(
                key,
                box,
                {
                    "type": f"odoo_{chart.kind}",
                    "title": {"text": chart.title, "bold": True, "color": "#434343"},
                    "background": "#FFFFFF",
                    "legendPosition": "top" if len(groups) > 1 or chart.kind == "pie" else "none",
                    "dataSets": [{}],
                    "verticalAxisPosition": "left",
                    "stacked": chart.stacked,
                    "fieldMatching": self._matching(chart.source, 0),
                    "metaData": {
                        "resModel": chart.source.model,
                        "groupBy": groups,
                        "measure": chart.measure,
                        "order": None if ":" in groups[0] else "DESC",
                        "mode": chart.kind,
                    },
                    "searchParams": {
                        "comparison": None,
                        "context": {},
                        "domain": _domain(chart.source.domain + chart.domain),
                        "groupBy": groups,
                        "orderBy": [],
                    },
                },
            )
        lines = -(-len(self.dashboard.charts) // 2)
        return top + lines * (CHART_HEIGHT + GAP)

    def _figure(self, key, box, data):
        x, y, width, height = box
        self.figures.append(
            {
                "id": key,
                "tag": "chart",
                "width": width,
                "height": height,
                "col": 0,
                "row": 0,
                "offset": {"x": x, "y": y},
                "data": {**data, "chartId": key},
            }
        )

    def _tables(self, top):
        row = top // 23 + 2
        for table in self.dashboard.tables:
            number = str(len(self.lists) + 1)
            name, _space, direction = table.order.partition(" ")
            self.lists[number] = {
                "id": number,
                "name": table.title,
                "model": table.source.model,
                "columns": list(table.columns),
                "domain": _domain(table.source.domain + table.domain),
                "context": {},
                "orderBy": [{"name": name, "asc": direction != "desc"}],
                "fieldMatching": self._matching(table.source, 0),
            }
            self.cells[f"A{row}"] = f'=_t("{table.title}")'
            self.styles[f"A{row}"] = 1
            for column, name in zip("ABCDEFG", table.columns, strict=False):
                self.cells[f"{column}{row + 1}"] = f'=ODOO.LIST.HEADER({number},"{name}")'
                self.styles[f"{column}{row + 1}"] = 2
                for each in range(1, table.rows + 1):
                    self.cells[f"{column}{row + 1 + each}"] = f'=ODOO.LIST({number},{each},"{name}")'
            row += table.rows + 3

    def _matching(self, source, offset):
        found = {}
        for name, key in self.filters.items():
            chain = source.filters.get(name)
            if not chain:
                continue
            if name == "period":
                found[key] = {"chain": chain[0], "type": chain[1], "offset": offset}
            else:
                found[key] = {"chain": chain, "type": "many2one"}
        return found


def _measure(name):
    fieldname, _colon, aggregator = name.partition(":")
    return {"id": name, "fieldName": fieldname, **({"aggregator": aggregator} if aggregator else {})}


def _domain(terms):
    return [list(term) if isinstance(term, tuple) else term for term in terms]
