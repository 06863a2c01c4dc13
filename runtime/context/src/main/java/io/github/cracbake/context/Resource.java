package io.github.cracbake.context;

/** An object with hooks. {@code org.crac} implements it with a dynamic proxy for each Resource of the app. */
public interface Resource {
    void beforeCheckpoint(Context<? extends Resource> context) throws Exception;

    void afterRestore(Context<? extends Resource> context) throws Exception;
}
