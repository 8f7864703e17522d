"""Days are local: a day is a day in the time zone of the warehouse, else of the company, else in UTC."""

from datetime import datetime, time

import pytz
from odoo import fields
from odoo.tools import SQL


def zone_name(company, warehouse=None):
    """Name of the time zone in which a company, or one of its warehouses, counts its days."""
    # sudo: a time zone is no secret, and who books a receipt need not be allowed to read the partner behind it
    return (warehouse and warehouse.sudo().partner_id.tz) or company.sudo().partner_id.tz or "UTC"


def local_moment(moment, zone):
    """A naive UTC datetime as the clocks of a zone show it, naive again."""
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).replace(tzinfo=None)


def utc_moment(local, zone):
    """The reverse of :func:`local_moment`."""
    return pytz.timezone(zone).localize(local).astimezone(pytz.utc).replace(tzinfo=None)


def local_day(moment, zone):
    """Day (date) of a naive UTC datetime in a zone."""
    return local_moment(moment, zone).date()


def local_today(company, warehouse=None):
    """Today, where the company (or its warehouse) is."""
    return local_day(fields.Datetime.now(), zone_name(company, warehouse))


def local_noon(day, zone):
    """Naive UTC datetime of noon of a day in a zone: the moment that stands for a day where Odoo wants a datetime."""
    return utc_moment(datetime.combine(day, time(12)), zone)


def zone_sql(company_partner="company_partner", warehouse_partner=None):
    """The same as :func:`zone_name` in SQL; takes the aliases under which the partners are joined."""
    company = SQL("%s.tz", SQL.identifier(company_partner))
    if not warehouse_partner:
        return SQL("COALESCE(%s, 'UTC')", company)
    return SQL("COALESCE(%s.tz, %s, 'UTC')", SQL.identifier(warehouse_partner), company)


def local_day_sql(moment, zone):
    """Day of a UTC timestamp column in a zone, both given as SQL."""
    return SQL("timezone(%s, timezone('UTC', %s))::date", zone, moment)
