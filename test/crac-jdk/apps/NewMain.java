/** A new main that a restore may name. */
public class NewMain {
    public static void main(String[] arguments) {
        System.out.println("new main: " + String.join(" ", arguments) + " property=" + System.getProperty("new.one"));
    }
}
