Console.WriteLine("versemi");
