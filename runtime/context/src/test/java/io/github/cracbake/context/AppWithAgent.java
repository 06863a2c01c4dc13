package io.github.cracbake.context;

import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Before each test a JVM with the agent and the test app, and the other side of its hand-over folder. */
abstract class AppWithAgent {
    @TempDir
    File folder;

    CracInit init;
    ChildJvm app;

    @BeforeEach
    void start() throws IOException {
        init = new CracInit(folder);
        app = ChildJvm.startWithAgent(folder);
    }

    @AfterEach
    void kill() {
        app.close();
    }
}
