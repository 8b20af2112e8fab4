"""The demo county: who can sign in, and with what. A server that is not in demo mode refuses these logins."""

# Plain literals: run.py reads them without importing this module.
DEMO_PASSWORD = "toucha-demo-2026"  # noqa: S105  (published: that is why readiness.py looks for it)
DEMO_LOGINS = {
    "carrier": "投递员 carrier",
    "lead": "班组长 team lead",
    "inspector": "质检员 inspector",
    "director": "投递部主任 director",
    "county": "县局业务管理员 county manager",
    "nextcounty": "邻县业务管理员 manager of the next county",
    "league": "盟市检查人员 league inspector",
    "region": "区公司监督检查部门 region supervisor",
    "admin": "系统管理员 administrator",
}
