return await VerSemi.Cli.CommandLine.RunAsync(args);
