/* An HTTP server in C for musl: answers every request with its pid and a count. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
    int one = 1;
    long counter = 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8080)};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) return 1;
    for (;;) {
        char request[4096], body[128], answer[256];
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        if (read(client, request, sizeof request) > 0) {
            int length = snprintf(body, sizeof body, "{\"pid\":%d,\"counter\":%ld}\n", (int)getpid(), ++counter);
            int whole = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", length, body);
            if (write(client, answer, whole) != whole) perror("write");
        }
        close(client);
    }
}
