package io.github.cracbake.context.restore;

/** Looks for something in the running app and changes nothing. */
public interface Finder {
    /** @param dump takes what is found */
    void find(BeforeDump dump) throws Exception;
}
