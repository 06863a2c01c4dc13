package main

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// What CRAC_INIT_RESTORE can say.
const (
	modeAuto    = "auto"    // restore, or start normally where that cannot work
	modeRequire = "require" // restore or exit
	modeOff     = "off"     // start normally
)

// settings are what the container's environment tells crac-init.
type settings struct {
	mode     string
	deadline time.Duration // 0: the manifest's
	log      bool
}

// readSettings reads them. A value that makes no sense is reported and taken for the default: a typing error must not
// keep an application from starting.
func readSettings(environment []string, complaints io.Writer) settings {
	read := settings{mode: modeAuto}
	if value, set := lookUp(environment, "CRAC_INIT_RESTORE"); set && value != "" {
		switch value {
		case modeAuto, modeRequire, modeOff:
			read.mode = value
		default:
			fmt.Fprintf(complaints, "crac-init: CRAC_INIT_RESTORE is %q, not auto, require or off; taking auto\n", value)
		}
	}
	if value, set := lookUp(environment, "CRAC_INIT_DEADLINE"); set && value != "" {
		number, err := strconv.ParseInt(value, 10, 64)
		if err != nil || number <= 0 {
			fmt.Fprintf(complaints, "crac-init: CRAC_INIT_DEADLINE is %q, not a number of milliseconds; taking the image's\n", value)
		} else {
			read.deadline = time.Duration(number) * time.Millisecond
		}
	}
	value, _ := lookUp(environment, "CRAC_INIT_LOG")
	read.log = value == "1"
	return read
}
