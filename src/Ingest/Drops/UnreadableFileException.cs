namespace VerSemi.Ingest.Drops;

/// <summary>A file of the drop could not be read. Whether the file is at fault or the store, only further tries tell.</summary>
internal sealed class UnreadableFileException(string file, Exception cause) : Exception($"{file} cannot be read: {cause.Message}", cause)
{
    public static async Task<T> GuardAsync<T>(string file, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableFileException(file, e);
        }
    }
}
