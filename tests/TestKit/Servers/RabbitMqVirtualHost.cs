namespace VerSemi.TestKit.Servers;

/// <summary>A virtual host of a test broker: queues, users and rights of one fixture.</summary>
public sealed record RabbitMqVirtualHost(RabbitMqServer Server, string Name)
{
    /// <summary>Users are the broker's, not the virtual host's: the name keeps those of two fixtures apart.</summary>
    public string UserOf(string service) => Name == "/" ? service : $"{service}-{Name}";

    /// <summary>A command of rabbitmqctl for this virtual host; about two seconds a call.</summary>
    public Task<string> CtlAsync(string command, params IEnumerable<string> arguments) => Server.CtlAsync([command, "-p", Name, .. arguments]);

    /// <summary>Adds <see cref="UserOf"/> the service.</summary>
    /// <param name="configure">What the user may declare and delete: a regular expression over names of queues and exchanges.</param>
    /// <param name="write">What the user may send to and bind queues of.</param>
    /// <param name="read">What the user may take from.</param>
    public async Task AddUserAsync(string service, string password, string configure, string write, string read)
    {
        await Server.CtlAsync("add_user", UserOf(service), password);
        await CtlAsync("set_permissions", UserOf(service), configure, write, read);
    }

    /// <summary>Environment variables that lead a service's process here.</summary>
    public IReadOnlyDictionary<string, string> Settings() => new Dictionary<string, string>
    {
        ["VERSEMI__BUS__TRANSPORT"] = "rabbitmq",
        ["VERSEMI__BUS__HOST"] = Server.Host,
        ["VERSEMI__BUS__PORT"] = $"{Server.Port}",
        ["VERSEMI__BUS__VIRTUALHOST"] = Name,
        ["VERSEMI__BUS__USER"] = Server.User,
        ["VERSEMI__BUS__PASSWORD"] = Server.Password,
    };
}
