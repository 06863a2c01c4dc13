package main

// cpuid executes the instruction of that name.
func cpuid(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)

// xgetbv reads which register states the kernel saves (XCR0); to be executed only where CPUID says osxsave.
func xgetbv() (eax uint32)

// cpuBit is where CPUID shows a feature.
type cpuBit struct {
	leaf, subleaf uint32
	register      int // 0 eax, 1 ebx, 2 ecx, 3 edx
	bit           int
	state         uint32 // what the kernel has to save for it, as in XCR0
}

// States in XCR0 (Intel SDM volume 1, 13.3).
const (
	stateAVX    = 0x6
	stateAVX512 = 0xe6
	stateAMX    = 0x60000
)

// cpuBits are the features by which code picks its instructions, under the kernel's names for them (asm/cpufeatures.h).
// `xsave` stands for osxsave, that programs may use it. The processor is asked and not /proc/cpuinfo: an old kernel does not list what it has no name for, while a JVM finds it.
var cpuBits = map[string]cpuBit{
	"cx8": {1, 0, 3, 8, 0}, "cmov": {1, 0, 3, 15, 0}, "mmx": {1, 0, 3, 23, 0}, "fxsr": {1, 0, 3, 24, 0},
	"sse": {1, 0, 3, 25, 0}, "sse2": {1, 0, 3, 26, 0},
	"pni": {1, 0, 2, 0, 0}, "pclmulqdq": {1, 0, 2, 1, 0}, "ssse3": {1, 0, 2, 9, 0}, "fma": {1, 0, 2, 12, stateAVX},
	"cx16": {1, 0, 2, 13, 0}, "sse4_1": {1, 0, 2, 19, 0}, "sse4_2": {1, 0, 2, 20, 0}, "movbe": {1, 0, 2, 22, 0},
	"popcnt": {1, 0, 2, 23, 0}, "aes": {1, 0, 2, 25, 0}, "xsave": {1, 0, 2, 27, 0}, "avx": {1, 0, 2, 28, stateAVX},
	"f16c": {1, 0, 2, 29, stateAVX}, "rdrand": {1, 0, 2, 30, 0},
	"fsgsbase": {7, 0, 1, 0, 0}, "bmi1": {7, 0, 1, 3, 0}, "avx2": {7, 0, 1, 5, stateAVX}, "bmi2": {7, 0, 1, 8, 0},
	"erms": {7, 0, 1, 9, 0}, "rtm": {7, 0, 1, 11, 0}, "avx512f": {7, 0, 1, 16, stateAVX512},
	"avx512dq": {7, 0, 1, 17, stateAVX512}, "rdseed": {7, 0, 1, 18, 0}, "adx": {7, 0, 1, 19, 0},
	"avx512ifma": {7, 0, 1, 21, stateAVX512}, "clflushopt": {7, 0, 1, 23, 0}, "clwb": {7, 0, 1, 24, 0},
	"avx512cd": {7, 0, 1, 28, stateAVX512}, "sha_ni": {7, 0, 1, 29, 0}, "avx512bw": {7, 0, 1, 30, stateAVX512},
	"avx512vl":   {7, 0, 1, 31, stateAVX512},
	"avx512vbmi": {7, 0, 2, 1, stateAVX512}, "ospke": {7, 0, 2, 4, 0}, "waitpkg": {7, 0, 2, 5, 0},
	"avx512_vbmi2": {7, 0, 2, 6, stateAVX512}, "gfni": {7, 0, 2, 8, 0}, "vaes": {7, 0, 2, 9, stateAVX},
	"vpclmulqdq": {7, 0, 2, 10, stateAVX}, "avx512_vnni": {7, 0, 2, 11, stateAVX512},
	"avx512_bitalg": {7, 0, 2, 12, stateAVX512}, "avx512_vpopcntdq": {7, 0, 2, 14, stateAVX512},
	"rdpid": {7, 0, 2, 22, 0}, "cldemote": {7, 0, 2, 25, 0}, "movdiri": {7, 0, 2, 27, 0}, "movdir64b": {7, 0, 2, 28, 0},
	"fsrm": {7, 0, 3, 4, 0}, "avx512_vp2intersect": {7, 0, 3, 8, stateAVX512}, "serialize": {7, 0, 3, 14, 0},
	"tsxldtrk": {7, 0, 3, 16, 0}, "amx_bf16": {7, 0, 3, 22, stateAMX}, "avx512_fp16": {7, 0, 3, 23, stateAVX512},
	"amx_tile": {7, 0, 3, 24, stateAMX}, "amx_int8": {7, 0, 3, 25, stateAMX},
	"sha512": {7, 1, 0, 0, stateAVX}, "avx_vnni": {7, 1, 0, 4, stateAVX}, "avx512_bf16": {7, 1, 0, 5, stateAVX512},
	"avx_ifma": {7, 1, 0, 23, stateAVX}, "avx10": {7, 1, 3, 19, stateAVX}, "apx": {7, 1, 3, 21, 0x80000},
	"xsaveopt": {0xd, 1, 0, 0, 0}, "xsavec": {0xd, 1, 0, 1, 0}, "xgetbv1": {0xd, 1, 0, 2, 0},
	"lahf_lm": {0x80000001, 0, 2, 0, 0}, "abm": {0x80000001, 0, 2, 5, 0}, "sse4a": {0x80000001, 0, 2, 6, 0},
	"3dnowprefetch": {0x80000001, 0, 2, 8, 0}, "xop": {0x80000001, 0, 2, 11, stateAVX},
	"fma4": {0x80000001, 0, 2, 16, stateAVX}, "tbm": {0x80000001, 0, 2, 21, 0}, "rdtscp": {0x80000001, 0, 3, 27, 0},
}

// cpuFeatures asks the processor which of the features it has and the kernel supports.
func cpuFeatures() map[string]bool {
	type question struct{ leaf, subleaf uint32 }
	answers := map[question][4]uint32{}
	ask := func(leaf, subleaf uint32) [4]uint32 {
		answer, asked := answers[question{leaf, subleaf}]
		if !asked {
			answer[0], answer[1], answer[2], answer[3] = cpuid(leaf, subleaf)
			answers[question{leaf, subleaf}] = answer
		}
		return answer
	}
	highest := ask(0, 0)[0]
	subleaves := uint32(0)
	if highest >= 7 {
		subleaves = ask(7, 0)[0]
	}
	const osxsave = 27
	states := uint32(0)
	if ask(1, 0)[2]&(1<<osxsave) != 0 {
		states = xgetbv()
	}
	features := map[string]bool{}
	for name, at := range cpuBits {
		if at.leaf < 0x80000000 && at.leaf > highest || at.leaf == 7 && at.subleaf > subleaves {
			continue
		}
		if ask(at.leaf, at.subleaf)[at.register]&(1<<at.bit) != 0 && states&at.state == at.state {
			features[name] = true
		}
	}
	return features
}
