"""`explorer/`: the list as a page that opens from a folder, without a network, a build step or anything but what lies beside it.

Python writes the data, the words and the frame of the page at publish; `page/` holds its style and its plain scripts, `tabulator/`
the grid (Tabulator, MIT) as published.
"""
