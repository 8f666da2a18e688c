# Thin aliases of dev.py, which needs only Python >= 3.11 with pip.
PYTHON ?= python3

.PHONY: run test setup lint bench sweep fuzz clean
run test setup lint bench sweep fuzz clean:
	@$(PYTHON) dev.py $@
