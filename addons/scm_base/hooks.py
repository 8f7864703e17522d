def post_init_hook(env):
    """Orders confirmed before this addon came keep the date that is known now as their promise, marked as estimated."""
    env.cr.execute(
        """
        UPDATE purchase_order_line line
           SET scm_promise_original = known.day,
               scm_promise_date = known.day,
               scm_date_confirmed = known.confirmed,
               scm_promise_estimated = TRUE
          FROM (SELECT line.id,
                       timezone(zone.name, timezone('UTC', line.date_planned))::date AS day,
                       timezone(zone.name, timezone('UTC', COALESCE(purchase.date_approve, purchase.date_order)))::date
                           AS confirmed
                  FROM purchase_order_line line
                  JOIN purchase_order purchase ON purchase.id = line.order_id
                  JOIN res_company company ON company.id = line.company_id
                  JOIN res_partner company_partner ON company_partner.id = company.partner_id
             LEFT JOIN stock_picking_type operation ON operation.id = purchase.picking_type_id
             LEFT JOIN stock_warehouse warehouse ON warehouse.id = operation.warehouse_id
             LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
            CROSS JOIN LATERAL (SELECT COALESCE(warehouse_partner.tz, company_partner.tz, 'UTC') AS name) zone
                 WHERE purchase.state = 'purchase' AND line.date_planned IS NOT NULL
                   AND line.scm_promise_original IS NULL) known
         WHERE known.id = line.id
        """
    )
    env.invalidate_all()
