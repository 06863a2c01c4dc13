package main

// cpuFeatures reads the features that the kernel offers to programs: on arm64 the list in /proc/cpuinfo is that of the
// HWCAP bits (Documentation/arch/arm64/elf_hwcaps.rst).
func cpuFeatures() map[string]bool {
	features := map[string]bool{}
	for _, name := range firstCPU().Features {
		features[name] = true
	}
	return features
}
