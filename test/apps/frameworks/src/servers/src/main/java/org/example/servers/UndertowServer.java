package org.example.servers;

import io.undertow.Undertow;

public final class UndertowServer {
    public static void main(String[] arguments) {
        Undertow.builder()
            .addHttpListener(8080, "0.0.0.0")
            .setHandler(exchange -> exchange.getResponseSender().send(Answers.to(exchange.getRequestPath())))
            .build()
            .start();
    }
}
