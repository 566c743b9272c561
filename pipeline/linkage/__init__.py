"""Who is who: which spellings are one petitioner, which petitioner is which institution, whose page is this?"""
