# client.py PORT SECONDS: four keep-alive connections ask for the files of the book's sources
import http.client,sys,threading,time,os
port,sec=int(sys.argv[1]),float(sys.argv[2]); end=time.time()+sec; n=[0]*4
def go(k):
    c=http.client.HTTPConnection('127.0.0.1',port)
    i=k
    while time.time()<end:
        c.request('GET',f'/c{i%160}.md',headers={'Accept-Encoding':'gzip'} if i%4==0 else {}); r=c.getresponse(); r.read(); n[k]+=1; i+=7
t=[threading.Thread(target=go,args=(k,)) for k in range(4)]; [x.start() for x in t]; [x.join() for x in t]; print(sum(n))
