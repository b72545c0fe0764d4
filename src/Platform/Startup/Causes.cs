namespace VerSemi.Platform.Startup;

public static class Causes
{
    /// <summary>The failure and everything that caused it, the outermost first.</summary>
    public static IEnumerable<Exception> Of(Exception? failure) => failure switch
    {
        null => [],
        AggregateException many => [many, .. many.InnerExceptions.SelectMany(Of)],
        _ => [failure, .. Of(failure.InnerException)],
    };
}
