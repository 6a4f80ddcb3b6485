"""Functions of the dimension: rational functions, class functions, Weingarten functions, 1/d."""
