export JAVA_TOOL_OPTIONS="${JAVA_TOOL_OPTIONS:-} -XX:MaxDirectMemorySize=10M -Xmx96m -XX:+ExitOnOutOfMemoryError"
export BPI_MARK=set-by-the-launcher
