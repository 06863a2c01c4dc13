# The smallest process that serves HTTP and remembers something: one thread, one listener, no hooks.
use strict;
use warnings;
use IO::Socket::INET;

my $port = $ENV{APP_PORT} // 8080;
my $started = time;
my $counter = 0;
my %answers = (
    '/'     => sub { 'hello ' . ++$counter . "\n" },
    '/info' => sub { qq({"pid":$$,"uid":$<,"startedAt":$started,"stamp":"$ENV{APP_STAMP}","counter":$counter,"capEff":") . cap_eff() . qq("}\n) },
);

$ENV{APP_STAMP} //= '';
$SIG{TERM} = sub { exit 143 };
$SIG{PIPE} = 'IGNORE';
STDOUT->autoflush(1);
my $listener = IO::Socket::INET->new(LocalPort => $port, Listen => 20, ReuseAddr => 1) or die "cannot listen on port $port: $@\n";
print "listening on port $port\n";

while (1) {
    my $connection = $listener->accept or next;
    my ($path) = (<$connection> // '') =~ m{^\w+ ([^ ?]*)};
    while (my $line = <$connection>) { last if $line =~ /^\r?\n$/ }
    my $answer = $answers{ $path // '' };
    my ($status, $body) = $answer ? ('200 OK', $answer->()) : ('404 Not Found', "no such path\n");
    print $connection "HTTP/1.1 $status\r\nContent-Length: ${\length $body}\r\nConnection: close\r\n\r\n$body";
    close $connection;
}

sub cap_eff {
    open my $status, '<', '/proc/self/status' or return '';
    return join '', map { /^CapEff:\s*(\w+)/ ? $1 : () } <$status>;
}
