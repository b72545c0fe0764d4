using DurableTask.EntityFramework.Tests.Engines;

namespace DurableTask.EntityFramework.Tests.Contract;

// This provider's classes, SqliteTests and PostgresTests, add tests of their own.
public sealed class AzureStorageContractTests(AzureStorageEngine engine) : ContractTests<AzureStorageEngine>(engine);
