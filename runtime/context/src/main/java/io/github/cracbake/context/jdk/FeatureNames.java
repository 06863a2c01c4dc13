package io.github.cracbake.context.jdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The features that HotSpot lists, as {@code VM.info} prints them. That command would leave megabytes of symbol tables in the checkpoint; but the text
 * is made once at the JVM's start, and stays in memory from malloc.
 */
final class FeatureNames {
    /** The end of {@code (2 cores per cpu, …) family 6 model 85 stepping 7 microcode 0x1, cx8, cmov, fxsr, …}; this pattern's own text does not match it. */
    private static final Pattern TEXT = Pattern.compile(", cx8((?:, [a-z0-9_.]{2,20}){8,80})\0");
    /** The text is shorter. */
    private static final int LONGEST = 2048;
    /** Mappings with more are the heap and what belongs to it. */
    private static final long LARGEST = 64 << 20;

    private FeatureNames() {
    }

    /** Empty where they are not found. */
    static List<String> find() throws IOException {
        List<String> names = new ArrayList<>();
        try (OwnMemory memory = new OwnMemory()) {
            List<OwnMemory.Range> ranges = memory.ranges();
            ranges.removeIf(range -> !range.writable || range.bytes() > LARGEST || !range.path.isEmpty() && !range.path.equals("[heap]"));
            ranges.sort(Comparator.comparing(FeatureNames::isOfGlibc).reversed().thenComparingLong(OwnMemory.Range::bytes));
            for (OwnMemory.Range range : ranges) {
                memory.read(range, LONGEST, (address, piece, bytes) -> {
                    names.addAll(in(piece, bytes));
                    return !names.isEmpty();
                });
                if (!names.isEmpty()) {
                    break;
                }
            }
        }
        return names;
    }

    /** Where glibc's malloc has its memory: the heap, and arenas that are aligned to their largest size. Another malloc's may be anywhere. */
    private static boolean isOfGlibc(OwnMemory.Range range) {
        return range.path.equals("[heap]") || range.from % LARGEST == 0;
    }

    static List<String> in(byte[] piece, int bytes) {
        // A search for three letters is much faster than the pattern, and nearly never finds anything else.
        for (int at = 0; at + 3 <= bytes; at++) {
            if (piece[at] == 'c' && piece[at + 1] == 'x' && piece[at + 2] == '8') {
                Matcher found = TEXT.matcher(new String(piece, 0, bytes, StandardCharsets.ISO_8859_1));
                return found.find() ? Arrays.asList(("cx8" + found.group(1)).split(", ")) : Collections.emptyList();
            }
        }
        return Collections.emptyList();
    }
}
