package io.github.cracbake.context.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    private static final String LIST = "cx8, cmov, fxsr, mmx, 3dnowpref, sse, sse2, sse3, ssse3, sse4.1";

    private static List<String> in(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return FeatureNames.in(bytes, bytes.length);
    }

    @Test
    void theListIsFoundAmongOtherBytes() {
        assertEquals(List.of(LIST.split(", ")), in("\0x cx8 \u00ff(2 cores per cpu) family 6 model 207 microcode 0x1, " + LIST + "\0cmov\0"));
    }

    @Test
    void whatIsNoWholeListIsNone() {
        assertEquals(List.of(), in(""));
        assertEquals(List.of(), in("cx8\0cmov\0fxsr\0"));
        // Goes on in another piece of memory.
        assertEquals(List.of(), in(", " + LIST));
        assertEquals(List.of(), in(", cx8, cmov\0"));
        assertEquals(List.of(), in(", cx8(?:, [a-z0-9_.]{2,20}){8,80})\0"));
    }

    /** Bits as in vm_version_x86.hpp of JDK 18 to 25. */
    @Test
    void eachFeatureHasItsBit() {
        assertEquals(1L, FeatureWord.bits(List.of("cx8")));
        assertEquals(1L << 47 | 1L << 51, FeatureWord.bits(List.of("gfni", "serialize")));
        assertEquals(1L << 58, FeatureWord.bits(List.of("avx512_ifma")));
    }
}
