"""What a page promises of visas, and which promise counts for a program.

`reading.read_page` reads one page, `table` makes table `visa_policies`, `choice.choose_policy` chooses among statements.
"""
