package io.github.cracbake.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentEntryTest {
    @ParameterizedTest
    @CsvSource({"1.8,true", "9,true", "10,true", "11,false", "17,false", "21,false", "25,false"})
    void onlyJavaVersionsBefore11GetNoHooks(String version, boolean older) {
        assertEquals(older, AgentEntry.olderThan11(version));
    }

    @Test
    void theEntryLoadsOnJava8() throws IOException {
        try (InputStream file = AgentEntry.class.getResourceAsStream("AgentEntry.class"); DataInputStream data = new DataInputStream(file)) {
            data.readInt();
            data.readUnsignedShort();
            assertEquals(52, data.readUnsignedShort(), "the class file's major version");
        }
    }
}
