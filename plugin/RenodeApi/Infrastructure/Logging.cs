namespace Antmicro.Renode.Logging;

public sealed class LogLevel
{
    public static LogLevel Noisy;
    public static LogLevel Debug;
    public static LogLevel Info;
    public static LogLevel Warning;
    public static LogLevel Error;

    private LogLevel() => throw null;
}

public static class Logger
{
    public static void Log(this IEmulationElement e, LogLevel type, string message) => throw null;

    public static void Log(this IEmulationElement e, LogLevel type, string message, object arg1) => throw null;

    public static void Log(this IEmulationElement e, LogLevel type, string message, object arg1, object arg2) => throw null;

    public static void Log(this IEmulationElement e, LogLevel type, string message, object arg1, object arg2, object arg3) => throw null;

    public static void Log(this IEmulationElement e, LogLevel type, string message, params object[] args) => throw null;
}
