package jdk.crac.impl;

public class CheckpointOpenFileException extends Exception {
    private static final long serialVersionUID = 1L;

    public CheckpointOpenFileException(String path) {
        super(path);
    }
}
