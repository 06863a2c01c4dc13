package main

import "unsafe"

// pointerTo gives a system call the address of a slice's first element; the slice must not be empty.
func pointerTo[T any](slice []T) unsafe.Pointer { return unsafe.Pointer(&slice[0]) }
