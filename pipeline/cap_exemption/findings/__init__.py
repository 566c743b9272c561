"""What each source knows of a petitioner: one function a register, all in one form."""
