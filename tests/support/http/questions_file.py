"""A file of questions, as somebody may bring it."""

from kernel import spreadsheets


def questions_file() -> bytes:
    """Return a sheet with one sound question."""
    head = ["题号", "题型", "岗位", "知识板块", "题干", "答案"]
    return spreadsheets.xlsx_file(spreadsheets.Sheet(head, [["PD-1", "判断题", "公共", "法律法规", "对不对？", "对"]]))
