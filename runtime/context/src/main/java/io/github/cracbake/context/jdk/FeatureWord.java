package io.github.cracbake.context.jdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * HotSpot's word of processor features ({@code _features} in vm_version_x86.hpp, JDK 18 to 25), by which it decides which instructions it
 * executes and compiles. Nothing exports its address; but its value is known from the names that the JVM lists, and stands in the writable data of
 * libjvm once or, where the JVM keeps what CPUID said, twice.
 */
final class FeatureWord {
    /** The names in the order of their bits. */
    private static final List<String> BITS = Arrays.asList(
            "cx8", "cmov", "fxsr", "ht", "mmx", "3dnowpref", "sse", "sse2", "sse3", "ssse3", "sse4a", "sse4.1", "sse4.2", "popcnt", "lzcnt", "tsc",
            "tscinvbit", "tscinv", "avx", "avx2", "aes", "erms", "clmul", "bmi1", "bmi2", "rtm", "adx", "avx512f", "avx512dq", "avx512pf", "avx512er",
            "avx512cd", "avx512bw", "avx512vl", "sha", "fma", "vzeroupper", "avx512_vpopcntdq", "avx512_vpclmulqdq", "avx512_vaes", "avx512_vnni",
            "clflush", "clflushopt", "clwb", "avx512_vbmi2", "avx512_vbmi", "hv", "serialize", "rdtscp", "rdpid", "fsrm", "gfni", "avx512_bitalg",
            "f16c", "pku", "ospke", "cet_ibt", "cet_ss", "avx512_ifma", "avx_ifma", "apx_f", "sha512", "avx512_fp16", "avx10_1");
    /** More would be something else. */
    private static final int MOST = 2;

    private FeatureWord() {
    }

    /** Whether the word was found and the features cleared in it. Nothing is changed where there is a doubt. */
    static boolean clear(List<String> listed, Collection<String> unwanted) throws ReflectiveOperationException, IOException {
        if (!BITS.containsAll(listed)) {
            return false;
        }
        long word = bits(listed);
        List<Long> found = new ArrayList<>();
        try (OwnMemory memory = new OwnMemory()) {
            for (OwnMemory.Range range : dataOfJvm(memory)) {
                find(word, memory, range, found);
            }
        }
        if (found.isEmpty() || found.size() > MOST) {
            return false;
        }
        NativeMemory words = new NativeMemory();
        for (long address : found) {
            words.putAddress(address, word & ~bits(unwanted));
        }
        return true;
    }

    static long bits(Collection<String> names) {
        long word = 0;
        for (String name : names) {
            word |= 1L << BITS.indexOf(name);
        }
        return word;
    }

    private static void find(long word, OwnMemory memory, OwnMemory.Range range, List<Long> found) throws IOException {
        memory.read(range, 0, (address, piece, bytes) -> {
            ByteBuffer words = ByteBuffer.wrap(piece, 0, bytes).order(ByteOrder.nativeOrder());
            while (words.remaining() >= Long.BYTES) {
                long at = address + words.position();
                if (words.getLong() == word) {
                    found.add(at);
                }
            }
            return false;
        });
    }

    /** libjvm's writable mappings, and the anonymous one right behind them, which is its zero-initialised data. */
    private static List<OwnMemory.Range> dataOfJvm(OwnMemory memory) throws IOException {
        List<OwnMemory.Range> data = new ArrayList<>();
        long end = 0;
        for (OwnMemory.Range range : memory.ranges()) {
            boolean ofJvm = range.path.endsWith("/libjvm.so");
            if ((ofJvm || range.path.isEmpty() && range.from == end) && range.writable) {
                data.add(range);
            }
            end = ofJvm ? range.to : 0;
        }
        return data;
    }
}
