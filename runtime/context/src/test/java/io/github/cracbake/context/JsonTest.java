package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void nests() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("list", List.of(1, "two", true));
        object.put("empty", List.of());
        object.put("none", null);
        object.put("inner", Map.of());
        object.put("ms", Json.milliseconds(1_234_567));
        assertEquals("{\"list\":[1,\"two\",true],\"empty\":[],\"none\":null,\"inner\":{},\"ms\":1.235}", Json.of(object));
    }

    @Test
    void escapesEveryCharacter() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= 0xffff; c++) {
            all.append((char) c);
        }
        all.append("\ud83d\ude00 \ude00\ud83d");
        assertEquals(all.toString(), JsonParser.parseString(Json.of(all)).getAsString());
    }

    @Test
    void writesHalfASurrogatePairSoThatUtf8CanCarryIt() {
        assertEquals("\"\\ud83d x \\ude00 \ud83d\ude00\"", Json.of("\ud83d x \ude00 \ud83d\ude00"));
    }
}
