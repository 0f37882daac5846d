// Placeholder source until the driver's first part lands.
