using System.Text.Json;

namespace VerSemi.TestKit.Servers;

/// <summary>
/// Virtual hosts that a broker makes at its start, in a moment, where rabbitmqctl takes four seconds for one. Processes
/// take them by creating a file each.
/// </summary>
internal static class VirtualHostPool
{
    public const string Folder = "virtual-hosts";
    private const string Everything = ".*";

    /// <summary>Content of a definitions file: "/" and the pool, where the user may do everything.</summary>
    public static string Definitions(int count, string user, string password)
    {
        string[] names = ["/", .. Enumerable.Range(1, count).Select(Name)];
        return JsonSerializer.Serialize(new
        {
            users = new[] { new { name = user, password, tags = "administrator" } },
            vhosts = names.Select(name => new { name }),
            permissions = names.Select(name => new { user, vhost = name, configure = Everything, write = Everything, read = Everything }),
        });
    }

    /// <summary>Null where all are taken.</summary>
    public static string? Take(string folder, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            try
            {
                using var taken = new FileStream(Path.Combine(folder, Name(number)), FileMode.CreateNew);
                return Name(number);
            }
            catch (IOException)
            {
                // Another fixture's.
            }
        }
        return null;
    }

    private static string Name(int number) => $"pool-{number}";
}
