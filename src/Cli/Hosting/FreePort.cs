using System.Net;
using System.Net.Sockets;
using VerSemi.Domain;

namespace VerSemi.Cli.Hosting;

/// <summary>Where the platform listens: loopback only.</summary>
internal static class FreePort
{
    public const int Default = 5080;
    private const int Tried = 100;

    /// <summary>The port that was asked for, or the default one; where that one is taken, the next that is free.</summary>
    /// <param name="held">Given back where no port can be had.</param>
    public static int Choose(DataFolderLock held, int? asked)
    {
        try
        {
            return Choose(asked);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static int Choose(int? asked)
    {
        if (asked is { } port)
            return IsFree(port) ? port : throw new DomainException($"Port {port} is taken. Give another with --port, or none: then a free one is found.");
        return Enumerable.Range(Default, Tried).Where(IsFree).Cast<int?>().FirstOrDefault()
            ?? throw new DomainException($"No port of {Default}…{Default + Tried - 1} is free on 127.0.0.1. Give one with --port.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
