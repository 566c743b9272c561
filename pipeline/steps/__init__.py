"""The steps of a refresh: which there are, what each is made from, where its tables lie, and which process makes which. No Dagster."""
