package jdk.crac.impl;

public class CheckpointOpenSocketException extends Exception {
    private static final long serialVersionUID = 1L;

    public CheckpointOpenSocketException(String socket) {
        super(socket);
    }
}
